package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.k8s.Overlay.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README names is there, and its commands are ones that their programs know. */
class ReadmeTest {
    private static final Path CHECKOUT = Path.of("..");

    @Test
    void everyPathOfTheCheckoutThatItNamesIsThere() throws IOException {
        assertThat(named("\\b(k8s|cluster-node|client)/[A-Za-z0-9_./-]*[A-Za-z0-9]"))
                .isNotEmpty()
                .filteredOn(path -> !path.contains("/target/"))
                .allSatisfy(path -> assertThat(CHECKOUT.resolve(path)).exists());
        assertThat(Command.allOf(readme()).filter(command -> command.program().startsWith("k8s/")))
                .isNotEmpty()
                .allSatisfy(command ->
                        assertThat(CHECKOUT.resolve(command.program())).isExecutable());
    }

    @Test
    void everySettingThatItNamesIsOne() throws IOException {
        Config defaults = ConfigFactory.parseResources("millrace.conf");
        assertThat(named("`millrace\\.[a-z-]+\\.[a-z.-]+`"))
                .isNotEmpty()
                .allSatisfy(key ->
                        assertThat(defaults.hasPath(key.replace("`", ""))).isTrue());
    }

    @Test
    void everyObjectThatItsCommandsNameIsMadeByAnOverlay() throws IOException {
        Set<String> made = Overlay.all()
                .flatMap(overlay -> overlay.objects().stream())
                .map(object -> object.path("kind").asText().toLowerCase(Locale.ROOT) + "/"
                        + object.at("/metadata/name").asText())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named("\\b(deployment|job|statefulset|service)/millrace[a-z-]*"))
                .isNotEmpty()
                .isSubsetOf(made);
    }

    @Test
    void kubectlKnowsItsOptions() throws IOException {
        Overlay.production(); // Skips where there is no kubectl.
        assertThat(kubectl()).isNotEmpty().allSatisfy(command -> {
            String help = command.help();
            assertThat(command.options())
                    .as(command.text())
                    .allSatisfy(option ->
                            assertThat(help).containsPattern("(?m)(^|[\\s,])" + Pattern.quote(option) + "[=,\\s]"));
        });
    }

    @Test
    void kubectlGoesWhereTheOverlaysAre() throws IOException {
        Set<String> namespaces = Overlay.all()
                .flatMap(overlay -> overlay.ofKind("Namespace"))
                .map(namespace -> namespace.at("/metadata/name").asText())
                .collect(Collectors.toSet());
        List<Workload> workloads = Overlay.all().flatMap(Overlay::workloads).toList();

        assertThat(kubectl()).allSatisfy(command -> {
            assertThat(command.values("-n")).as(command.text()).isSubsetOf(namespaces);
            assertThat(command.values("-l"))
                    .as(command.text())
                    .allSatisfy(selector -> assertThat(workloads)
                            .anyMatch(workload -> Stream.of(selector.split(","))
                                    .map(pair -> pair.split("="))
                                    .allMatch(pair -> workload.labels()
                                            .path(pair[0])
                                            .asText()
                                            .equals(pair[1]))));
            assertThat(Stream.of("-k", "-f")
                            .filter(option -> command.words().contains("apply"))
                            .flatMap(option -> command.values(option).stream())
                            .filter(path -> !path.equals("-")))
                    .allSatisfy(path -> assertThat(CHECKOUT.resolve(path)).exists());
        });
    }

    @Test
    void portsThatItForwardsAreThere() throws IOException {
        Map<String, Integer> ports =
                new Workload("node", Overlay.production().named("Deployment", "millrace-node")).ports();
        assertThat(kubectl().filter(command -> command.words().contains("port-forward")))
                .isNotEmpty()
                .allSatisfy(command -> assertThat(ports.values())
                        .contains(Integer.valueOf(
                                command.words().get(command.words().size() - 1))));
    }

    /** An operator who has done what it says has every secret that a pod waits for. */
    @Test
    void everySecretThatPodsNeedIsMade() throws IOException {
        Set<String> needed = new TreeSet<>();
        Overlay.all().flatMap(Overlay::workloads).forEach(workload -> {
            Overlay.stream(workload.pod().path("volumes"))
                    .map(volume -> volume.at("/secret/secretName").asText())
                    .forEach(needed::add);
            workload.containers()
                    .flatMap(container -> Overlay.stream(container.path("env")))
                    .map(variable -> variable.at("/valueFrom/secretKeyRef/name").asText())
                    .forEach(needed::add);
        });
        needed.remove("");

        Set<String> made = kubectl()
                .filter(command -> command.words().containsAll(List.of("create", "secret", "generic")))
                .map(command -> command.words().get(command.words().indexOf("generic") + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        String script = Files.readString(Path.of("certificates.sh"));
        Overlay.complete()
                .ofKind("Certificate")
                .map(certificate -> certificate.at("/spec/secretName").asText())
                .filter(secret -> script.contains("millrace-$which-tls") && secret.endsWith("-tls"))
                .forEach(made::add);

        assertThat(made).isEqualTo(needed);
    }

    @Test
    void everyAlertIsExplained() throws IOException {
        Set<String> alerts = new TreeSet<>();
        for (JsonNode rules : Overlay.complete().ofKind("PrometheusRule").toList()) {
            alerts.addAll(rules.findValuesAsText("alert"));
        }

        assertThat(named("`Millrace[A-Za-z]+`").stream().map(name -> name.replace("`", "")))
                .containsExactlyInAnyOrderElementsOf(alerts);
    }

    private static Stream<Command> kubectl() throws IOException {
        return Command.allOf(readme()).filter(command -> command.program().equals("kubectl"));
    }

    private static Set<String> named(String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(readme())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }
}
