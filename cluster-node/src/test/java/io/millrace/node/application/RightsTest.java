package io.millrace.node.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RightsTest {
    @ParameterizedTest
    @CsvSource({
        "read:orders, READ, orders, true",
        "read:orders, READ, orders-eu, false",
        "read:orders, READ, order, false",
        "read:orders, WRITE, orders, false",
        "read:orders-*, READ, orders-, true",
        "read:orders-*, READ, orders-eu, true",
        "read:orders-*, READ, orders, false",
        "read:*, READ, anything, true",
        "read:*, RUN, anything, false",
        "run:price, READ, price, false",
        "admin:price, READ, price, true",
        "admin:price, RUN, price, true",
        "admin:price*, WRITE, prices, true",
        "admin:price, WRITE, prices, false",
    })
    void aGrantAllowsWhatItSaysAndNothingElse(String grant, Scope scope, String name, boolean allowed) {
        assertThat(Rights.parse(List.of(grant)).allow(scope, name)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "read",
                "read:",
                ":x",
                "READ:x",
                "read:x:y",
                "read:*x",
                "read:a*b",
                "read:**",
                "read:-x",
                "own:x",
                "read: x",
                "read:x\n",
                "read:../x",
                "read:ü",
                " read:x",
                "read:x,write:y"
            })
    void whatIsNoGrantIsRefused(String text) {
        assertThatThrownBy(() -> Rights.parse(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read:orders-*");
        assertThat(Grant.find(text)).isEmpty();
    }

    @Test
    void nobodyHasMoreThanSixtyFour() {
        List<String> many = IntStream.rangeClosed(0, Rights.MOST)
                .mapToObj(i -> "read:q" + i)
                .toList();

        assertThatThrownBy(() -> Rights.parse(many)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Rights.parse(many.subList(0, Rights.MOST)).allow(Scope.READ, "q63"))
                .isTrue();
    }

    @Test
    void onlyAStarIsForEverything() {
        assertThat(Rights.parse(List.of("run:*")).allowAll(Scope.RUN)).isTrue();
        assertThat(Rights.ALL.allowAll(Scope.RUN)).isTrue();
        assertThat(Rights.parse(List.of("run:a*", "run:b")).allowAll(Scope.RUN)).isFalse();
        assertThat(Rights.NONE.allow(Scope.READ, "x")).isFalse();
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .withChars("ab-")
                .ofMinLength(1)
                .ofMaxLength(5)
                .map(text -> "x" + text);
    }

    @Provide
    Arbitrary<List<String>> manyNames() {
        return names().list().ofMaxSize(20);
    }

    @Provide
    Arbitrary<List<String>> grants() {
        Arbitrary<String> patterns =
                Arbitraries.oneOf(names(), names().map(name -> name + "*"), Arbitraries.of("*", "x*"));
        return Combinators.combine(Arbitraries.of(Scope.values()), patterns)
                .as((scope, pattern) -> scope.word() + ":" + pattern)
                .list()
                .ofMaxSize(12);
    }

    @Property
    void aNameIsAllowedExactlyWhereSomeGrantSaysSoLetterByLetter(
            @ForAll("grants") List<String> grants, @ForAll("names") String name, @ForAll Scope wanted) {
        boolean expected = grants.stream().anyMatch(grant -> {
            String[] parts = grant.split(":");
            boolean scope = parts[0].equals("admin") || parts[0].equals(wanted.word());
            String regex = parts[1].replace("-", "\\-").replace("*", ".*");
            return scope && name.matches(regex);
        });

        assertThat(Rights.parse(grants).allow(wanted, name)).isEqualTo(expected);
    }

    @Property
    void rangesCoverWhatIsAllowedOnceAndInOrder(
            @ForAll("grants") List<String> grants,
            @ForAll("manyNames") List<String> some,
            @ForAll("names") String prefixed,
            @ForAll Scope wanted) {
        Rights rights = Rights.parse(grants);
        String prefix = prefixed.substring(0, prefixed.length() / 2);
        TreeSet<String> names = new TreeSet<>(some);
        List<String> walked = new ArrayList<>();
        for (Grant range : rights.ranges(prefix, wanted)) {
            names.stream()
                    .filter(name -> name.startsWith(prefix) && range.allows(range.scope(), name))
                    .forEach(walked::add);
        }

        assertThat(walked)
                .containsExactlyElementsOf(names.stream()
                        .filter(name -> name.startsWith(prefix) && rights.allow(wanted, name))
                        .toList());
    }
}
