package io.millrace.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.protocol.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The operations of openapi.yaml. */
final class Contract {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private Contract() {}

    /**
     * An operation.
     *
     * @param grants of which one is enough, as {@code read:{queue}}, or several with commas between; empty: any key will do, or none has to
     * @param open takes no key
     */
    record Operation(String method, String path, List<String> grants, boolean open) {
        /** The path with {@code name} for each of its names, but for replays, which are named by their bot. */
        String target(String name) {
            return path.replace("{replay}", "1-" + name).replaceAll("\\{[a-z]+}", name);
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static List<Operation> operations() {
        JsonNode contract = document();
        List<Operation> operations = new ArrayList<>();
        contract.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (METHODS.contains(method.getKey())) {
                        JsonNode own = method.getValue().path("security");
                        JsonNode security = own.isMissingNode() ? contract.path("security") : own;
                        List<String> grants = new ArrayList<>();
                        security.forEach(one -> {
                            List<String> all = new ArrayList<>();
                            one.path("bearer").forEach(grant -> all.add(grant.asText()));
                            if (!all.isEmpty()) {
                                grants.add(String.join(",", all));
                            }
                        });
                        operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), grants, security.isEmpty()));
                    }
                }));
        return operations;
    }

    private static JsonNode document() {
        try (InputStream in = Problem.class.getResourceAsStream("/openapi.yaml")) {
            return new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
