package dev.olla.request.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlushPolicyTest {

    @ParameterizedTest
    @CsvSource({
        // type, auto, streaming, standard
        "text/event-stream, AT_ONCE, AT_ONCE, AT_ONCE",
        "Text/Event-Stream; charset=utf-8, AT_ONCE, AT_ONCE, AT_ONCE",
        "application/x-ndjson, AT_ONCE, AT_ONCE, AT_ONCE",
        "application/stream+json, AT_ONCE, AT_ONCE, AT_ONCE",
        "application/json-seq, AT_ONCE, AT_ONCE, AT_ONCE",
        "application/json, AT_ONCE, AT_ONCE, GATHERED",
        "text/plain; charset=utf-8, AT_ONCE, AT_ONCE, GATHERED",
        "'', AT_ONCE, AT_ONCE, GATHERED",
        "image/png, GATHERED, AT_ONCE, GATHERED",
        "video/mp4, GATHERED, AT_ONCE, GATHERED",
        "audio/wav, GATHERED, AT_ONCE, GATHERED",
        "font/woff2, GATHERED, AT_ONCE, GATHERED",
        "model/gltf+json, GATHERED, AT_ONCE, GATHERED",
        "application/pdf, GATHERED, AT_ONCE, GATHERED",
        "application/zip, GATHERED, AT_ONCE, GATHERED",
        "application/gzip, GATHERED, AT_ONCE, GATHERED",
        "application/octet-stream, GATHERED, AT_ONCE, GATHERED",
        "application/vnd.ms-excel, GATHERED, AT_ONCE, GATHERED",
    })
    void whenBytesLeaveFollowsFromProfileAndType(
            String type, FlushPolicy auto, FlushPolicy streaming, FlushPolicy standard) {
        assertThat(FlushPolicy.of("auto", type)).isEqualTo(auto);
        assertThat(FlushPolicy.of("streaming", type)).isEqualTo(streaming);
        assertThat(FlushPolicy.of("standard", type)).isEqualTo(standard);
    }
}
