package io.millrace.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "/path",
                "ftp://example.com/",
                "file:///etc/passwd",
                "gopher://example.com:70/_",
                "http:example.com",
                "http://",
                "http:///path",
                "https://user@example.com/",
                "https://user:password@example.com/",
                "https://@example.com/",
                "https://example.com@127.0.0.1/",
                "https://example.com/#part",
                "https://example.com:0/",
                "https://example.com:65536/",
                "https://exa mple.com/",
                "https://example.com/{id}",
                "https://example.com\\@127.0.0.1/",
                "https://%31%32%37.0.0.1/",
                "https://①②⑦.0.0.1/",
                "http://2130706433/",
                "http://0x7f.1/",
                "http://[fe80::1%25eth0]/",
                "http://[::1",
            })
    void whatIsNoTargetIsRefused(String url) {
        assertThatThrownBy(() -> Target.parse(url)).isInstanceOf(ForbiddenTargetException.class);
    }

    @Test
    void aTargetHasItsParts() {
        assertThat(Target.parse("https://Example.com")).isEqualTo(new Target(true, "example.com", 443, "/"));
        assertThat(Target.parse("http://example.com:8080/a/b?c=d%20e&f"))
                .isEqualTo(new Target(false, "example.com", 8080, "/a/b?c=d%20e&f"));
        assertThat(Target.parse("http://[2606:4700::1111]?x").host()).isEqualTo("2606:4700::1111");
        assertThatThrownBy(() -> Target.parse("http://example.com/" + "a".repeat(2_000)))
                .hasMessageContaining("2000");
    }
}
