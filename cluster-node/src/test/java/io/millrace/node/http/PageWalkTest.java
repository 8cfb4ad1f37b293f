package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Caller;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Rights;
import io.millrace.node.application.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lists by grants against a list of all that leaves out what isn't granted. */
class PageWalkTest {
    private record Page(List<String> names, @Nullable String next) {}

    private final List<String> met = new ArrayList<>();

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .withChars("ab-")
                .ofMinLength(1)
                .ofMaxLength(4)
                .map(text -> "x" + text);
    }

    @Provide
    Arbitrary<List<String>> manyNames() {
        return names().list().ofMaxSize(20);
    }

    @Provide
    Arbitrary<List<String>> patterns() {
        return Arbitraries.oneOf(names(), names().map(name -> name + "*"), Arbitraries.of("*"))
                .map(pattern -> "read:" + pattern)
                .list()
                .ofMaxSize(6);
    }

    @Property
    void pagesTogetherHaveAllThatIsGrantedOnceAndInOrderAndMeetNothingElse(
            @ForAll("patterns") List<String> grants,
            @ForAll("manyNames") List<String> some,
            @ForAll("names") String prefixed,
            @ForAll @IntRange(min = 1, max = 5) int limit) {
        TreeSet<String> all = new TreeSet<>(some);
        Rights rights = Rights.parse(grants);
        String prefix = prefixed.substring(0, prefixed.length() / 2);
        List<String> expected = all.stream()
                .filter(name -> name.startsWith(prefix) && rights.allow(Scope.READ, name))
                .toList();
        met.clear();

        List<String> walked = new ArrayList<>();
        String after = "";
        for (int pages = 0; after != null; pages++) {
            PageWalk.Found<String> page = page(all, rights, prefix, after, limit);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            assertThat(pages).isLessThan(some.size() + grants.size() + 2);
            walked.addAll(page.items());
            after = page.next();
            if (after != null) {
                assertThat(rights.allow(Scope.READ, after))
                        .as("next tells of nobody else's: " + after)
                        .isTrue();
            }
        }

        assertThat(walked).containsExactlyElementsOf(expected);
    }

    @Test
    void whoMaySeeNothingAsksNothing() {
        PageWalk.Found<String> page = page(new TreeSet<>(Set.of("a")), Rights.NONE, "", "", 10);

        assertThat(page.items()).isEmpty();
        assertThat(page.next()).isNull();
        assertThat(met).isEmpty();
    }

    private PageWalk.Found<String> page(
            NavigableSet<String> all, Rights rights, String prefix, String after, int limit) {
        PageWalk<Page, String> walk = new PageWalk<>(
                (start, from, most) -> {
                    met.add(start);
                    List<String> names = all.stream()
                            .filter(name -> name.startsWith(start) && name.compareTo(from) > 0)
                            .limit(most + 1)
                            .toList();
                    boolean more = names.size() > most;
                    List<String> page = more ? names.subList(0, most) : names;
                    return CompletableFuture.completedStage(
                            Outcome.done(new Page(page, more ? page.get(most - 1) : null)));
                },
                Page::names,
                Page::next,
                name -> name);
        Exchange exchange = new Exchange(
                HttpRequest.create(),
                List.of(),
                Query.parse(
                        "prefix=" + prefix + "&after=" + after + "&limit=" + limit, Set.of("prefix", "after", "limit")),
                new Caller("test", "test", Caller.Kind.KEY, rights));
        Outcome<PageWalk.Found<String>> outcome =
                walk.walk(exchange, Scope.READ).toCompletableFuture().join();
        return ((Outcome.Done<PageWalk.Found<String>>) outcome).value();
    }
}
