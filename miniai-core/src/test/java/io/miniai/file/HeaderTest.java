package io.miniai.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a header may not say, and what is said about it. */
class HeaderTest {
    private static final String DAMAGED = " It is damaged, or no safetensors file: get or save it again.";

    static Stream<Arguments> wrong() {
        String ok = "'dtype':'F32','shape':[2],'data_offsets':[0,8]";
        return Stream.of(
                // what it says of one tensor
                arguments(
                        "{'a':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}}",
                        8,
                        "expected a dtype of F16, BF16, F32, F64, I64 for tensor 'a'; got 'F31'."),
                arguments(
                        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}",
                        8,
                        "expected 12 bytes for tensor 'a' F32 [3]; got data_offsets [0, 8]."),
                arguments(
                        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}",
                        8,
                        "expected 8 bytes for tensor 'a' F32 [2]; got data_offsets [8, 0]."),
                arguments(
                        "{'a':{'dtype':'F32','shape':[65536,65536,65536,65536],'data_offsets':[0,0]}}",
                        0,
                        "expected at most 2147483647 numbers in tensor 'a'; got shape [65536, 65536, 65536, 65536]."),
                arguments(
                        "{'a':{'dtype':'F64','shape':[9223372036854775807],'data_offsets':[0,8]}}",
                        8,
                        "expected at most 2147483647 numbers in tensor 'a'; got shape [9223372036854775807]."),
                arguments(
                        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}",
                        8,
                        "expected at most 32 numbers of at least 0 for tensor 'a' shape; got -2."),
                arguments(
                        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}}",
                        8,
                        "expected at most 2 numbers of at least 0 for tensor 'a' data_offsets; got more."),
                arguments(
                        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}",
                        8,
                        "expected dtype, shape and two data_offsets for tensor 'a'; got less."),
                arguments("{'a':{}}", 0, "expected dtype, shape and two data_offsets for tensor 'a'; got less."),
                arguments(
                        "{'a':{" + ok + ",'extra':1}}",
                        8,
                        "expected dtype, shape and data_offsets for tensor 'a'; got 'extra'."),
                arguments(
                        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}",
                        8,
                        "expected VALUE_NUMBER_INT for tensor 'a' shape in the header; got VALUE_NUMBER_FLOAT (character 29)."),
                arguments(
                        "{'a':[]}",
                        0,
                        "expected START_OBJECT for tensor 'a' in the header; got START_ARRAY (character 5)."),
                // how tensors lie
                arguments(
                        "{'a':{" + ok + "},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}",
                        12,
                        "expected the bytes of tensor 'b' to begin at 8, after those before; got 4: they overlap."),
                arguments(
                        "{'a':{" + ok + "},'b':{" + ok + "}}",
                        8,
                        "expected the bytes of tensor 'b' to begin at 8, after those before; got 0: they overlap."),
                arguments(
                        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}",
                        12,
                        "expected the bytes of tensor 'a' to begin at 0, after those before; got 4: a gap."),
                arguments("{'a':{" + ok + "}}", 9, "expected 8 bytes after the header, as its tensors have; got 9."),
                arguments("{'a':{" + ok + "}}", 7, "expected 8 bytes after the header, as its tensors have; got 7."),
                arguments(
                        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[9223372036854775800,9223372036854775807]}}",
                        8,
                        "expected 8 bytes for tensor 'a' F32 [2]; got data_offsets [9223372036854775800, 9223372036854775807]."),
                // names twice
                arguments("{'a':{" + ok + "},'a':{" + ok + "}}", 8, "expected every name once; got tensor 'a' twice."),
                arguments(
                        "{'a':{'dtype':'F32'," + ok + "}}", 8, "expected every name once; got tensor 'a' dtype twice."),
                arguments("{'__metadata__':{'k':'1','k':'2'}}", 0, "expected every name once; got metadata 'k' twice."),
                arguments(
                        "{'__metadata__':{},'__metadata__':{}}",
                        0,
                        "expected every name once; got '__metadata__' twice."),
                // too many
                arguments("{" + many("'%d':{" + ok + "}") + "}", 8, "expected at most 10000 tensors; got more."),
                arguments(
                        "{'__metadata__':{" + many("'%d':''") + "}}",
                        0,
                        "expected at most 10000 texts of metadata; got more."),
                // metadata
                arguments(
                        "{'__metadata__':{'k':1}}",
                        0,
                        "expected VALUE_STRING for metadata 'k' in the header; got VALUE_NUMBER_INT (character 21)."),
                // JSON
                arguments("{'a'", 0, null),
                arguments("{'a':{'dtype':'F32','shape':[01],'data_offsets':[0,8]}}", 8, null),
                arguments("{'\\ud800':{" + ok + "}}", 8, null),
                arguments("{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}}", 8, null),
                arguments(
                        "{'a':" + "{'a':".repeat(100_000),
                        0,
                        "expected dtype, shape and data_offsets for tensor 'a'; got 'a'."),
                arguments("{} {}", 0, "expected nothing but spaces after the header; got START_OBJECT."),
                arguments(" {}", 0, "expected the header to begin with '{'; got byte 32."),
                arguments("[]", 0, "expected the header to begin with '{'; got byte 91."));
    }

    private static String many(String entry) {
        return IntStream.rangeClosed(0, Header.MOST_ENTRIES)
                .mapToObj(entry::formatted)
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void says_what_is_wrong_with_a_header(String header, int dataBytes, String message) {
        String json = header.replace('\'', '"');
        assertThatThrownBy(() -> Safetensors.read(file(json, new byte[dataBytes]), "weights"))
                .isInstanceOf(FileException.class)
                .hasMessageStartingWith("weights: " + (message == null ? "expected a header in JSON; got " : message))
                .hasMessageEndingWith(DAMAGED);
    }

    @Test
    void says_that_a_tensor_is_empty() {
        String json = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,0],\"data_offsets\":[0,0]}}";
        assertThatThrownBy(() -> Safetensors.read(file(json, new byte[0]), "weights"))
                .isInstanceOf(FileException.class)
                .hasMessage("weights: tensor 'a' has shape [2, 0]; expected sizes of at least 1."
                        + " Leave empty tensors out where it was written.");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3, 100_000_001, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void says_that_the_header_is_too_short_or_longer_than_the_file(long length) {
        byte[] file = file("{}", new byte[0]);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        assertThatThrownBy(() -> Safetensors.read(file, "weights"))
                .isInstanceOf(FileException.class)
                .hasMessage("weights: expected a header of 2 to 2 bytes in a file of 10; got a length of "
                        + Long.toUnsignedString(length) + "." + DAMAGED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 9})
    void says_that_a_file_is_too_short(int bytes) {
        assertThatThrownBy(() -> Safetensors.read(new byte[bytes], "weights"))
                .isInstanceOf(FileException.class)
                .hasMessage("weights: expected at least 10 bytes; got " + bytes + "." + DAMAGED);
    }

    @Test
    void says_that_a_header_is_no_utf_8() {
        byte[] file = file("{\"a\":1}", new byte[0]);
        file[10] = (byte) 0xff;
        assertThatThrownBy(() -> Safetensors.read(file, "weights"))
                .isInstanceOf(FileException.class)
                .hasMessage("weights: expected a header in UTF-8; got other bytes." + DAMAGED);
    }

    @Test
    void says_that_a_file_ends_before_its_header_says_so() {
        byte[] whole = file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]);
        var half = java.nio.channels.Channels.newChannel(new java.io.ByteArrayInputStream(whole, 0, whole.length - 3));
        assertThatThrownBy(() -> new SafetensorsReader(half, whole.length, "weights").read())
                .isInstanceOf(FileException.class)
                .hasMessage("weights: expected " + whole.length + " bytes; it ended before. Is it being written?");
    }

    @Test
    void tensors_may_be_listed_in_any_order_and_the_header_filled_up_with_spaces() {
        String json = "{\"b\":{\"data_offsets\":[4,8],\"shape\":[],\"dtype\":\"F32\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}    ";
        Safetensors read = Safetensors.read(file(json, new byte[] {0, 0, -128, 63, 0, 0, 0, 64}), "weights");
        assertThat(read.tensors().keySet()).containsExactly("a", "b");
        assertThat(read.tensors().get("a").shape()).hasToString("[1, 1]");
        assertThat(read.tensors().get("b").item()).isEqualTo(2);
    }

    static byte[] file(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }
}
