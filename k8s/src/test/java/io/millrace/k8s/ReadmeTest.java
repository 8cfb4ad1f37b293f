package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the README names is there. */
class ReadmeTest {
    private static final Path CHECKOUT = Path.of("..");

    @Test
    void everyPathOfTheCheckoutThatItNamesIsThere() throws IOException {
        assertThat(named("\\b(k8s|cluster-node|client)/[A-Za-z0-9_./-]*[A-Za-z0-9]"))
                .isNotEmpty()
                .filteredOn(path -> !path.contains("/target/"))
                .allSatisfy(path -> assertThat(CHECKOUT.resolve(path)).exists());
    }

    @Test
    void everyObjectThatItsCommandsNameIsMadeByAnOverlay() throws IOException {
        Set<String> made = Overlay.all()
                .flatMap(overlay -> overlay.objects().stream())
                .map(object -> object.path("kind").asText().toLowerCase(java.util.Locale.ROOT) + "/"
                        + object.at("/metadata/name").asText())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named("\\b(deployment|job|statefulset|service)/millrace[a-z-]*"))
                .isNotEmpty()
                .isSubsetOf(made);
    }

    @Test
    void everyAlertIsExplained() throws IOException {
        Set<String> alerts = new TreeSet<>();
        Overlay.complete().ofKind("PrometheusRule").forEach(rules -> alerts.addAll(rules.findValuesAsText("alert")));

        assertThat(named("`Millrace[A-Za-z]+`").stream().map(name -> name.replace("`", "")))
                .containsExactlyInAnyOrderElementsOf(alerts);
    }

    private static Set<String> named(String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
