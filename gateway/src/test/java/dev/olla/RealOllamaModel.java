package dev.olla;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A random Llama of some 80 thousand weights as a GGUF file: it talks nonsense fast and is real in every other way.
///
/// See the [format](https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
final class RealOllamaModel {

    static final String MODELFILE = """
            FROM ./tiny.gguf
            TEMPLATE \"""{{- range .Messages }}{{ .Role }}: {{ .Content }}
            {{ end }}assistant:\"""
            PARAMETER num_predict 48
            """;

    private static final int WIDTH = 64;
    private static final int HIDDEN = 128;
    private static final int LAYERS = 1;
    private static final int BYTES = 256;
    private static final int SPECIAL = 3;
    private static final int VOCABULARY = SPECIAL + BYTES + 26;

    private static final int KEYS = 18;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    /// @param columns 1 for the scale of a norm
    private record Tensor(String name, int rows, int columns) {

        boolean norm() {
            return columns == 1;
        }

        int count() {
            return rows * columns;
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private RealOllamaModel() {}

    static byte[] gguf() {
        return new RealOllamaModel().file();
    }

    private byte[] file() {
        List<Tensor> tensors = tensors();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        int32(3).int64(tensors.size()).int64(KEYS);
        architecture();
        tokenizer();
        long offset = 0;
        for (Tensor tensor : tensors) {
            string(tensor.name()).int32(tensor.norm() ? 1 : 2).int64(tensor.rows());
            if (!tensor.norm()) {
                int64(tensor.columns());
            }
            int32(0).int64(offset);
            offset += 4L * tensor.count();
        }
        align();
        Random random = new Random(1);
        for (Tensor tensor : tensors) {
            for (int i = 0; i < tensor.count(); i++) {
                float32(tensor.norm() ? 1 : (float) (random.nextGaussian() * 0.3));
            }
        }
        return out.toByteArray();
    }

    private static List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>(List.of(
                new Tensor("token_embd.weight", WIDTH, VOCABULARY),
                new Tensor("output_norm.weight", WIDTH, 1),
                new Tensor("output.weight", WIDTH, VOCABULARY)));
        for (int layer = 0; layer < LAYERS; layer++) {
            String block = "blk." + layer + ".";
            tensors.add(new Tensor(block + "attn_norm.weight", WIDTH, 1));
            tensors.add(new Tensor(block + "ffn_norm.weight", WIDTH, 1));
            for (String part : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
                tensors.add(new Tensor(block + part + ".weight", WIDTH, WIDTH));
            }
            tensors.add(new Tensor(block + "ffn_gate.weight", WIDTH, HIDDEN));
            tensors.add(new Tensor(block + "ffn_up.weight", WIDTH, HIDDEN));
            tensors.add(new Tensor(block + "ffn_down.weight", HIDDEN, WIDTH));
        }
        return tensors;
    }

    private void architecture() {
        key("general.architecture", STRING).string("llama");
        number("general.file_type", 0);
        number("llama.context_length", 2048);
        number("llama.embedding_length", WIDTH);
        number("llama.block_count", LAYERS);
        number("llama.feed_forward_length", HIDDEN);
        number("llama.attention.head_count", 4);
        number("llama.attention.head_count_kv", 4);
        key("llama.attention.layer_norm_rms_epsilon", FLOAT32).float32(1e-5f);
        number("llama.rope.dimension_count", 16);
        number("llama.vocab_size", VOCABULARY);
    }

    /// Three special tokens, the bytes, the letters.
    private void tokenizer() {
        key("tokenizer.ggml.model", STRING).string("llama");
        key("tokenizer.ggml.tokens", ARRAY).int32(STRING).int64(VOCABULARY);
        List.of("<unk>", "<s>", "</s>").forEach(this::string);
        for (int i = 0; i < BYTES; i++) {
            string("<0x%02X>".formatted(i));
        }
        for (char letter = 'a'; letter <= 'z'; letter++) {
            string(String.valueOf(letter));
        }
        key("tokenizer.ggml.scores", ARRAY).int32(FLOAT32).int64(VOCABULARY);
        for (int i = 0; i < VOCABULARY; i++) {
            float32(-i);
        }
        key("tokenizer.ggml.token_type", ARRAY).int32(INT32).int64(VOCABULARY);
        for (int i = 0; i < VOCABULARY; i++) {
            int32(i == 0 ? 2 : i < SPECIAL ? 3 : i < SPECIAL + BYTES ? 6 : 1);
        }
        number("tokenizer.ggml.bos_token_id", 1);
        number("tokenizer.ggml.eos_token_id", 2);
        key("tokenizer.ggml.add_bos_token", BOOL);
        out.write(1);
    }

    private void align() {
        while (out.size() % 32 != 0) {
            out.write(0);
        }
    }

    private void number(String key, int value) {
        key(key, UINT32).int32(value);
    }

    private RealOllamaModel key(String key, int type) {
        return string(key).int32(type);
    }

    private RealOllamaModel string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int64(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    private RealOllamaModel int32(int value) {
        out.writeBytes(little(4).putInt(value).array());
        return this;
    }

    private RealOllamaModel int64(long value) {
        out.writeBytes(little(8).putLong(value).array());
        return this;
    }

    private void float32(float value) {
        out.writeBytes(little(4).putFloat(value).array());
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
