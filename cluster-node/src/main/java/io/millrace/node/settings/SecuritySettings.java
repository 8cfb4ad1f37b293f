package io.millrace.node.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may do what ({@code millrace.security}).
 *
 * @param open everybody may do everything; only for a node that serves loopback alone
 * @param tokens whose tokens are taken beside API keys
 */
public record SecuritySettings(boolean open, Optional<Tokens> tokens) {
    /** For a node on loopback. */
    public static final SecuritySettings OPEN = new SecuritySettings(true, Optional.empty());

    /** What {@code millrace.security.mode} may be. */
    private static final String OPEN_MODE = "open";

    private static final String KEYS_MODE = "keys";

    /** No look-up: a name may lead elsewhere tomorrow. */
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[?::1]?", Pattern.CASE_INSENSITIVE);

    /** @throws IllegalArgumentException naming the key */
    public SecuritySettings {
        if (open && tokens.isPresent()) {
            throw new IllegalArgumentException(
                    "millrace.security.jwt is set, but nobody would be asked for a token: millrace.security.mode is open");
        }
    }

    /** @throws IllegalArgumentException naming the key */
    static SecuritySettings of(String mode, Optional<Tokens> tokens) {
        return switch (mode) {
            case KEYS_MODE -> new SecuritySettings(false, tokens);
            case OPEN_MODE -> new SecuritySettings(true, tokens);
            default ->
                throw new IllegalArgumentException(
                        "millrace.security.mode must be said: keys (see \"millrace keys --help\"), or open, for a node that only"
                                + " its own machine reaches");
        };
    }

    /**
     * Refuses to let everybody in from elsewhere.
     *
     * @param key of the address, for the message
     * @throws IllegalArgumentException naming it
     */
    void requireReachable(String key, String host) {
        if (open && !LOOPBACK.matcher(host).matches()) {
            throw new IllegalArgumentException("millrace.security.mode is open, and " + key + " is " + host
                    + ": that takes an address of the machine itself, as 127.0.0.1, or mode = keys");
        }
    }

    /**
     * The issuer whose tokens (JWT) are taken.
     *
     * @param jwks a file with its public keys, read again when it changes
     * @param issuer what {@code iss} must be
     * @param audience what {@code aud} must have
     * @param algorithms those that signatures may have; asymmetric ones alone
     */
    public record Tokens(Path jwks, String issuer, String audience, List<String> algorithms) {
        /** Whoever may check a symmetric one could make one too; {@code none} is none. */
        public static final Set<String> POSSIBLE =
                Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

        /** @throws IllegalArgumentException naming the key */
        public Tokens {
            algorithms = List.copyOf(algorithms);
            if (issuer.isBlank() || audience.isBlank()) {
                throw new IllegalArgumentException(
                        "millrace.security.jwt takes jwks-file, issuer and audience together");
            }
            if (algorithms.isEmpty() || !POSSIBLE.containsAll(algorithms)) {
                throw new IllegalArgumentException("millrace.security.jwt.algorithms must be some of "
                        + POSSIBLE.stream().sorted().toList());
            }
        }
    }
}
