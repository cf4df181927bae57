package io.miniai.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.miniai.file.Header.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the header of a safetensors file and believes nothing of it: all is checked against the file's length. */
final class HeaderParser {
    private static final String DAMAGED = " It is damaged, or no safetensors file: get or save it again.";
    private static final String TENSOR = "tensor ";
    private static final int MOST_DIMENSIONS = 32;

    private final String file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final long[] numbers = new long[MOST_DIMENSIONS];
    private @Nullable Map<String, String> metadata;

    private HeaderParser(String file) {
        this.file = file;
    }

    /** The length of the header by the first eight bytes of a file of {@code fileBytes}. */
    static int length(long claimed, long fileBytes, String file) {
        long most = Math.min(Header.MOST_BYTES, fileBytes - Header.LENGTH_BYTES);
        if (claimed < 2 || claimed > most) {
            throw new FileException(
                    file,
                    "expected a header of 2 to %d bytes in a file of %d; got a length of %s."
                                    .formatted(most, fileBytes, Long.toUnsignedString(claimed))
                            + DAMAGED);
        }
        return (int) claimed;
    }

    static FileException tooShort(long fileBytes, String file) {
        return new FileException(
                file, "expected at least %d bytes; got %d.".formatted(Header.LENGTH_BYTES + 2, fileBytes) + DAMAGED);
    }

    /** @param dataBytes how many bytes follow the header */
    static Header parse(InputStream json, long dataBytes, String file) throws IOException {
        HeaderParser parser = new HeaderParser(file);
        PushbackInputStream bytes = new PushbackInputStream(json);
        int first = bytes.read();
        if (first != '{') {
            throw parser.bad("expected the header to begin with '{'; got byte %d.".formatted(first));
        }
        bytes.unread(first);
        try (JsonParser p = Json.parser(new InputStreamReader(bytes, decoder()))) {
            parser.header(p);
        } catch (CharacterCodingException e) {
            throw parser.bad("expected a header in UTF-8; got other bytes.");
        } catch (JsonProcessingException | IllegalStateException e) {
            throw new FileException(file, "expected a header in JSON; got " + Json.reason(e) + "." + DAMAGED, e);
        }
        return new Header(parser.inOrder(dataBytes), parser.metadata == null ? Map.of() : parser.metadata);
    }

    private static CharsetDecoder decoder() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    private void header(JsonParser p) throws IOException {
        expect(p, p.nextToken(), JsonToken.START_OBJECT, "the header", null, "");
        for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
            if (name.equals(Header.METADATA)) {
                if (metadata != null) {
                    throw bad("expected every name once; got '%s' twice.".formatted(Header.METADATA));
                }
                metadata = texts(p);
            } else if (entries.size() == Header.MOST_ENTRIES) {
                throw bad("expected at most %d tensors; got more.".formatted(Header.MOST_ENTRIES));
            } else if (entries.put(name, entry(name, p)) != null) {
                throw bad("expected every name once; got tensor %s twice.".formatted(quoted(name)));
            }
        }
        expect(p, p.currentToken(), JsonToken.END_OBJECT, "the header", null, "");
        if (p.nextToken() != null) {
            throw bad("expected nothing but spaces after the header; got %s.".formatted(p.currentToken()));
        }
    }

    private Map<String, String> texts(JsonParser p) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        expect(p, p.nextToken(), JsonToken.START_OBJECT, Header.METADATA, null, "");
        for (String key = p.nextFieldName(); key != null; key = p.nextFieldName()) {
            expect(p, p.nextToken(), JsonToken.VALUE_STRING, "metadata ", key, "");
            if (texts.size() == Header.MOST_ENTRIES) {
                throw bad("expected at most %d texts of metadata; got more.".formatted(Header.MOST_ENTRIES));
            }
            if (texts.put(key, p.getText()) != null) {
                throw bad("expected every name once; got metadata %s twice.".formatted(quoted(key)));
            }
        }
        return texts;
    }

    private Entry entry(String name, JsonParser p) throws IOException {
        Format format = null;
        long[] shape = null;
        long[] offsets = null;
        expect(p, p.nextToken(), JsonToken.START_OBJECT, TENSOR, name, "");
        for (String key = p.nextFieldName(); key != null; key = p.nextFieldName()) {
            boolean first;
            switch (key) {
                case "dtype" -> {
                    first = format == null;
                    format = format(p, name);
                }
                case "shape" -> {
                    first = shape == null;
                    shape = numbers(p, MOST_DIMENSIONS, name, " shape");
                }
                case "data_offsets" -> {
                    first = offsets == null;
                    offsets = numbers(p, 2, name, " data_offsets");
                }
                default ->
                    throw bad("expected dtype, shape and data_offsets for %s; got %s."
                            .formatted(tensor(name), quoted(key)));
            }
            if (!first) {
                throw bad("expected every name once; got %s %s twice.".formatted(tensor(name), key));
            }
        }
        if (format == null || shape == null || offsets == null || offsets.length != 2) {
            throw bad("expected dtype, shape and two data_offsets for %s; got less.".formatted(tensor(name)));
        }
        return entry(name, format, shape, offsets[0], offsets[1]);
    }

    private Format format(JsonParser p, String tensor) throws IOException {
        expect(p, p.nextToken(), JsonToken.VALUE_STRING, TENSOR, tensor, " dtype");
        String name = p.getText();
        Format format = Format.named(name);
        if (format == null && Format.isKnownElsewhere(name)) {
            throw new FileException(
                    file,
                    "%s has dtype %s; expected one of %s. Convert it where it was written."
                            .formatted(tensor(tensor), name, Format.all()));
        }
        if (format == null) {
            throw bad("expected a dtype of %s for %s; got %s.".formatted(Format.all(), tensor(tensor), quoted(name)));
        }
        return format;
    }

    private long[] numbers(JsonParser p, int most, String tensor, String what) throws IOException {
        expect(p, p.nextToken(), JsonToken.START_ARRAY, TENSOR, tensor, what);
        int n = 0;
        while (p.nextToken() != JsonToken.END_ARRAY) {
            expect(p, p.currentToken(), JsonToken.VALUE_NUMBER_INT, TENSOR, tensor, what);
            // A number that is too large for a long throws, as an error of JSON.
            long value = p.getLongValue();
            if (n == most || value < 0) {
                throw bad("expected at most %d numbers of at least 0 for %s; got %s."
                        .formatted(most, tensor(tensor) + what, n == most ? "more" : Long.toString(value)));
            }
            numbers[n++] = value;
        }
        return Arrays.copyOf(numbers, n);
    }

    private Entry entry(String name, Format format, long[] shape, long from, long to) {
        long numel = 1;
        int[] dims = new int[shape.length];
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0) {
                throw new FileException(
                        file,
                        "%s has shape %s; expected sizes of at least 1. Leave empty tensors out where it was written."
                                .formatted(tensor(name), Arrays.toString(shape)));
            }
            // Below the largest int at every step, so that no product can overflow.
            if (shape[i] > Integer.MAX_VALUE / numel) {
                throw bad("expected at most %d numbers in %s; got shape %s."
                        .formatted(Integer.MAX_VALUE, tensor(name), Arrays.toString(shape)));
            }
            numel *= shape[i];
            dims[i] = (int) shape[i];
        }
        if (from > to || to - from != numel * format.bytes) {
            throw bad("expected %d bytes for %s %s %s; got data_offsets [%d, %d]."
                    .formatted(numel * format.bytes, tensor(name), format, Arrays.toString(shape), from, to));
        }
        return new Entry(name, format, dims, from, to);
    }

    /** By offset; they have to cover the data without gaps and overlaps. */
    private List<Entry> inOrder(long dataBytes) {
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(Entry::from));
        long end = 0;
        for (Entry e : ordered) {
            if (e.from() != end) {
                throw bad("expected the bytes of tensor %s to begin at %d, after those before; got %d: %s."
                        .formatted(quoted(e.name()), end, e.from(), e.from() < end ? "they overlap" : "a gap"));
            }
            end = e.to();
        }
        if (end != dataBytes) {
            throw bad("expected %d bytes after the header, as its tensors have; got %d.".formatted(end, dataBytes));
        }
        return ordered;
    }

    /** Where it is comes in parts, which are put together only when it is to be said. */
    private void expect(
            JsonParser p,
            @Nullable JsonToken got,
            JsonToken expected,
            String kind,
            @Nullable String name,
            String what) {
        if (got != expected) {
            String where = kind + (name == null ? "" : quoted(name)) + what;
            throw bad("expected %s for %s in the header; got %s (character %d)."
                    .formatted(
                            expected,
                            where,
                            got == null ? "its end" : got,
                            p.currentTokenLocation().getCharOffset()));
        }
    }

    private FileException bad(String text) {
        return new FileException(file, text + DAMAGED);
    }

    private static String tensor(String name) {
        return TENSOR + quoted(name);
    }

    private static String quoted(String name) {
        return "'" + (name.length() <= 100 ? name : name.substring(0, 100) + "…") + "'";
    }
}
