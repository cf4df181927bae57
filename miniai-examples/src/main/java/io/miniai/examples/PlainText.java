package io.miniai.examples;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;

/** Writes what an output cannot show in the nearest plain characters, so that "28×28" is "28x28" there and not "28?28". */
final class PlainText extends FilterWriter {
    private static final String FANCY = "×·→−–─━µ…²√≤≥";
    private static final String[] PLAIN = {"x", ".", ">", "-", "-", "-", "-", "u", "...", "^2", "sqrt", "<=", ">="};

    private final CharsetEncoder encoder;

    private PlainText(Writer out, Charset charset) {
        super(out);
        encoder = charset.newEncoder();
    }

    /** A writer for standard output or standard error, in the encoding of the terminal or file behind it. */
    static PrintWriter writer(PrintStream stream) {
        Charset charset = charset();
        return writer(stream, charset);
    }

    static PrintWriter writer(PrintStream stream, Charset charset) {
        return new PrintWriter(new PlainText(new OutputStreamWriter(stream, charset), charset), true);
    }

    /** Java 17 has no method that tells. */
    private static Charset charset() {
        String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
        try {
            return name == null ? Charset.defaultCharset() : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return Charset.defaultCharset();
        }
    }

    @Override
    public void write(int c) throws IOException {
        out.write(plain((char) c));
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        write(new String(text, from, length), 0, length);
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        String part = text.substring(from, from + length);
        if (encoder.canEncode(part)) {
            out.write(part);
        } else {
            for (int i = 0; i < part.length(); i++) {
                out.write(plain(part.charAt(i)));
            }
        }
    }

    private String plain(char c) {
        int known = encoder.canEncode(c) ? -1 : FANCY.indexOf(c);
        return known < 0 ? String.valueOf(c) : PLAIN[known];
    }
}
