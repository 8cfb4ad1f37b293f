package io.millrace.node.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How this node calls webhooks ({@code millrace.webhook}).
 *
 * @param allow what else they may reach than public addresses
 * @param calls how many may be under way at a time
 * @param waiting how many may wait beside
 * @param connectTimeout how long a connection may take, with the look-up of the name
 * @param bodyTimeout how long an answer may take from its first byte to its last
 * @param answerBytes the longest answer
 */
public record WebhookSettings(
        Allow allow, int calls, int waiting, Duration connectTimeout, Duration bodyTimeout, int answerBytes) {

    /** @throws IllegalArgumentException naming the key */
    public WebhookSettings {
        Require.between("millrace.webhook.calls", calls, 1, 100_000);
        Require.between("millrace.webhook.waiting", waiting, 0, 1_000_000);
        Require.positive("millrace.webhook.connect-timeout", connectTimeout);
        Require.positive("millrace.webhook.body-timeout", bodyTimeout);
        Require.between("millrace.webhook.answer-bytes", answerBytes, 1 << 10, 64 << 20);
    }

    /**
     * Targets that are allowed though their addresses aren't public.
     *
     * @param ranges of addresses
     * @param hosts names, in lower case, whatever they resolve to
     */
    public record Allow(List<Cidr> ranges, Set<String> hosts) {
        /** Nothing but what is public. */
        public static final Allow NOTHING = new Allow(List.of(), Set.of());

        /**
         * Reads {@code millrace.webhook.allow}.
         *
         * @throws IllegalArgumentException naming the key
         */
        public static Allow parse(List<String> entries) {
            List<Cidr> ranges = new ArrayList<>();
            Set<String> hosts = new HashSet<>();
            for (String entry : entries) {
                Optional<Cidr> range = range(entry);
                range.ifPresent(ranges::add);
                if (range.isEmpty() && !isName(entry)) {
                    throw new IllegalArgumentException(
                            "millrace.webhook.allow has addresses, ranges (10.0.0.0/8) and names of hosts, not "
                                    + entry);
                } else if (range.isEmpty()) {
                    hosts.add(entry.toLowerCase(Locale.ROOT));
                }
            }
            return new Allow(List.copyOf(ranges), Set.copyOf(hosts));
        }

        private static Optional<Cidr> range(String entry) {
            try {
                return Cidr.parse(entry);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("millrace.webhook.allow " + e.getMessage(), e);
            }
        }

        /** A name whose last part could not be taken for a number. */
        private static boolean isName(String entry) {
            return entry.length() <= 253
                    && entry.matches(
                            "([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
        }
    }
}
