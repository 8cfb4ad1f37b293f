package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ships, by the bill of materials of each module, is under licences that everybody may use and hand on. */
class LicencesTest {
    private static final Set<String> FREE = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "EPL-1.0",
            "EPL-2.0",
            // The three clauses of BSD under another name.
            "Go License");

    /** Their poms say less than their licences do. */
    private static final Map<String, String> LOOKED_UP = Map.of(
            // "BSD" without a number, taken for the old one; its LICENSE.txt has three clauses.
            "com.thoughtworks.paranamer:paranamer", "BSD-3-Clause");

    @ParameterizedTest
    @ValueSource(strings = {"cluster-node", "client/java", "client/load"})
    void everyPartThatShipsIsFree(String module) throws IOException {
        Path bill = Path.of("..", module, "target", "bom.json");
        assumeTrue(Files.exists(bill), "SKIPPED: " + module + " wasn't packaged in this build");
        Map<String, Set<String>> licences = licences(bill);

        Files.createDirectories(Path.of("target"));
        Files.write(
                Path.of("target", "licences-" + module.replace('/', '-') + ".txt"),
                licences.entrySet().stream()
                        .map(part -> part.getKey() + "  " + String.join(" or ", part.getValue()))
                        .toList());
        assertThat(licences)
                .isNotEmpty()
                .allSatisfy((part, named) -> assertThat(named).as(part).containsAnyElementsOf(FREE));
    }

    /** By part, those that its user may choose from. */
    private static Map<String, Set<String>> licences(Path bill) throws IOException {
        Map<String, Set<String>> licences = new TreeMap<>();
        for (JsonNode part : new ObjectMapper().readTree(bill.toFile()).path("components")) {
            String name = part.path("group").asText() + ":" + part.path("name").asText();
            Set<String> named = new TreeSet<>();
            for (JsonNode licence : part.path("licenses")) {
                named.add(licence.path("license")
                        .path("id")
                        .asText(licence.path("license")
                                .path("name")
                                .asText(licence.path("expression").asText())));
            }
            if (LOOKED_UP.containsKey(name)) {
                named = Set.of(LOOKED_UP.get(name));
            }
            licences.put(name + ":" + part.path("version").asText(), named);
        }
        return licences;
    }
}
