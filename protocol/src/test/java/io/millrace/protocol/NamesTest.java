package io.millrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final Pattern RULE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

    static Stream<String> badNames() {
        return Stream.of(
                "",
                " ",
                "../x",
                "..",
                ".",
                ".x",
                "-x",
                "_x",
                "%2e%2e",
                "a|b",
                "a/b",
                "a\\b",
                "a b",
                "a\n",
                "a\u0000b",
                "a:b",
                "a,b",
                "a;b",
                "a?b",
                "a#b",
                "a*",
                "a'b",
                "a\"b",
                "<a>",
                "a+b",
                "a@b",
                "a~b",
                "caf\u00e9",
                "\u540d",
                "\uff41",
                "\u0661",
                "a\u200d",
                "\ud83d\ude00",
                "\ud83d",
                "a".repeat(201),
                "a".repeat(4_096));
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void shouldRefuseBadNamesWithoutRepeatingThem(String name) {
        String rule = " name must be 1 to 200 characters of A-Z a-z 0-9 . _ - and begin with a letter or a digit";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueueName.of(name))
                .withMessage("queue" + rule);
        assertThatIllegalArgumentException().isThrownBy(() -> BotId.of(name)).withMessage("bot" + rule);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProducerId(name))
                .withMessage("producer" + rule);
        assertThat(BotId.isValid(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "Orders", "a.b_c-d", "1.2.3", "a..b", "queue"})
    void shouldTakeGoodNames(String name) {
        assertThat(QueueName.of(name)).hasToString(name);
        assertThat(BotId.of(name)).hasToString(name);
    }

    @Test
    void twoHundredCharactersAreTheMost() {
        assertThat(new QueueName("q".repeat(200)).value()).hasSize(200);
    }

    @Test
    void referencesNameTheirKindOnce() {
        assertThat(QueueName.of("queue:x")).isEqualTo(new QueueName("x"));
        assertThat(BotId.of("bot:x")).isEqualTo(new BotId("x"));
        assertThatIllegalArgumentException().isThrownBy(() -> QueueName.of("bot:x"));
        assertThatIllegalArgumentException().isThrownBy(() -> QueueName.of("queue:queue:x"));
        assertThatIllegalArgumentException().isThrownBy(() -> QueueName.of("queue:"));
    }

    @Property
    void theRuleIsTheOneOfTheDesign(@ForAll String name) {
        assertThat(Names.isValid(name)).isEqualTo(RULE.matcher(name).matches());
    }
}
