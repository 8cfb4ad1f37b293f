package io.millrace.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.settings.WebhookSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    private final AddressRules rules = new AddressRules(WebhookSettings.Allow.NOTHING);

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "168.63.129.16",
                "169.254.0.1",
                "169.254.169.254",
                "169.254.170.2",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:7f00:1",
                "::ffff:169.254.169.254",
                "::ffff:10.1.2.3",
                "::127.0.0.1",
                "::ffff:0:127.0.0.1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:10::1",
                "2001:20::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:a9fe:a9fe::1",
                "2002:808:808::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "ff0e::1"
            })
    void whatIsNotPublicIsRefused(String literal) {
        assertThat(rules.permits("example.com", address(literal))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.1",
                "192.167.255.255",
                "192.169.0.1",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2a00:1450:4001:81b::200e",
                "64:ff9b::808:808",
                "::ffff:8.8.8.8"
            })
    void whatIsPublicIsReached(String literal) {
        assertThat(rules.permits("example.com", address(literal))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "017700000001",
                "0x7f000001",
                "0x7f.0.0.1",
                "0X7F.1",
                "127.1",
                "127.0.1",
                "127.0.0.01",
                "0177.0.0.1",
                "127.0.0.256",
                "1.2.3.4.5",
                "127.0.0.1.2.0x1",
                "evil.0x",
                "fe80::1%25eth0",
                ":::1",
                "."
            })
    void addressesInOtherFormsAreRefusedWhateverTheyMean(String host) {
        assertThatThrownBy(() -> AddressRules.literal(host)).isInstanceOf(ForbiddenTargetException.class);
    }

    @Test
    void namesAreNoAddressesButThoseOfLoopback() {
        assertThat(AddressRules.literal("example.com")).isEmpty();
        assertThat(AddressRules.literal("127.0.0.1.nip.io")).isEmpty();
        assertThat(AddressRules.literal("1e100.net")).isEmpty();
        assertThat(AddressRules.literal("127.0.0.1.")).contains(address("127.0.0.1"));
        assertThat(AddressRules.literal("LocalHost"))
                .map(InetAddress::isLoopbackAddress)
                .contains(true);
        assertThat(AddressRules.literal("a.localhost."))
                .map(InetAddress::isLoopbackAddress)
                .contains(true);
        assertThat(AddressRules.literal("::1")).contains(address("::1"));
    }

    @Test
    void theFirstAddressThatMayBeReachedIsTaken() {
        List<InetAddress> mixed = List.of(address("10.0.0.1"), address("8.8.8.8"), address("9.9.9.9"));

        assertThat(rules.choose("example.com", mixed)).isEqualTo(address("8.8.8.8"));
        assertThatThrownBy(() -> rules.choose("example.com", mixed.subList(0, 1)))
                .isInstanceOf(ForbiddenTargetException.class)
                .hasMessageContaining("example.com")
                .hasMessageNotContaining("10.0.0.1");
    }

    @Test
    void theSettingOpensWhatItNamesAndNothingElse() {
        AddressRules open = new AddressRules(
                WebhookSettings.Allow.parse(List.of("10.1.0.0/16", "127.0.0.1", "fd00::/8", "Hooks.Internal")));

        assertThat(open.permits("a", address("10.1.2.3"))).isTrue();
        assertThat(open.permits("a", address("::ffff:10.1.2.3"))).isTrue();
        assertThat(open.permits("a", address("64:ff9b::a01:203"))).isTrue();
        assertThat(open.permits("a", address("10.2.0.1"))).isFalse();
        assertThat(open.permits("a", address("127.0.0.1"))).isTrue();
        assertThat(open.permits("a", address("127.0.0.2"))).isFalse();
        assertThat(open.permits("a", address("fd12::1"))).isTrue();
        assertThat(open.permits("a", address("fe80::1"))).isFalse();
        assertThat(open.permits("hooks.internal", address("192.168.1.1"))).isTrue();
        assertThat(open.permits("hooks.internal.evil.com", address("192.168.1.1")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "::/129", "a b", "", "*.internal", "127.1", "http://x"
            })
    void aSettingThatIsNoneIsRefusedByItsName(String entry) {
        assertThatThrownBy(() -> WebhookSettings.Allow.parse(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("millrace.webhook.allow");
    }
}
