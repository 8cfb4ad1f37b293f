package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an event stands in a distributed trace: W3C Trace Context, carried from the append through bots to what they emit. The
 * bus only hands it on: it records no spans.
 *
 * @param traceparent version 00: {@code 00-<trace id, 32 hex>-<parent id, 16 hex>-<flags, 2 hex>}, lower case
 * @param tracestate what tracing systems add, at most {@link #MAX_STATE} characters; null for nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Trace(
        @JsonProperty(required = true) String traceparent,
        @Nullable String tracestate) {
    /** The longest tracestate that is kept, in characters: what the standard asks for. */
    public static final int MAX_STATE = 512;

    static final int MAX_MEMBERS = 32;
    private static final int LENGTH = 55;
    private static final int LONG_MEMBER = 128;

    private static final Pattern PARENT = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern MEMBER =
            Pattern.compile("[a-z0-9][a-z0-9_*/@-]{0,255}" + "=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");

    /** Sampled, and (level 2 of the standard) that the trace id is random; others are not for us to hand on. */
    private static final int FLAGS = 3;

    /** @throws IllegalArgumentException if a part isn't as told */
    @SuppressWarnings("ConstantValue") // JSON can leave a field out
    public Trace {
        if (traceparent == null
                || traceparent.length() != LENGTH
                || !PARENT.matcher(traceparent).matches()) {
            throw new IllegalArgumentException("a traceparent is 00-<32 hex>-<16 hex>-<2 hex>");
        }
        if (tracestate != null && (tracestate.isEmpty() || !tracestate.equals(state(tracestate)))) {
            throw new IllegalArgumentException("a tracestate is 1 to 32 members key=value with commas between, at most "
                    + MAX_STATE + " characters");
        }
    }

    /**
     * Reads the header fields of a request by the rules of the standard: a malformed traceparent, or more than one, counts as
     * none; a malformed tracestate is left out; of a version that isn't known yet what version 00 has is taken.
     *
     * @param parents all values of {@code traceparent}
     * @param states all values of {@code tracestate}, in order
     */
    public static Optional<Trace> ofHeaders(List<String> parents, List<String> states) {
        String parent = parents.size() == 1 ? version00(parents.get(0).strip()) : null;
        return parent == null ? Optional.empty() : Optional.of(new Trace(parent, state(String.join(",", states))));
    }

    private static @Nullable String version00(String given) {
        if (given.length() < LENGTH
                || given.startsWith("ff")
                || !isHex(given.charAt(0))
                || !isHex(given.charAt(1))
                || (given.length() > LENGTH && (given.startsWith("00") || given.charAt(LENGTH) != '-'))) {
            return null;
        }
        String parent = "00" + given.substring(2, LENGTH);
        if (!PARENT.matcher(parent).matches()) {
            return null;
        }
        int flags = Integer.parseInt(parent, LENGTH - 2, LENGTH, 16) & FLAGS;
        return parent.substring(0, LENGTH - 2) + "0" + flags;
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /** What of it can be kept, null if nothing. */
    private static @Nullable String state(String given) {
        if (given.isBlank()) {
            return null;
        }
        List<String> members = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (String part : given.split(",", -1)) {
            String member = part.strip();
            if (member.isEmpty()) {
                continue;
            }
            if (!MEMBER.matcher(member).matches() || !keys.add(member.substring(0, member.indexOf('=')))) {
                return null;
            }
            members.add(member);
        }
        if (members.isEmpty() || members.size() > MAX_MEMBERS) {
            return null;
        }
        if (length(members) > MAX_STATE) {
            members.removeIf(member -> member.length() > LONG_MEMBER);
        }
        while (length(members) > MAX_STATE) {
            members.remove(members.size() - 1);
        }
        return members.isEmpty() ? null : String.join(",", members);
    }

    private static int length(List<String> members) {
        return members.stream().mapToInt(String::length).sum() + members.size() - 1;
    }

    /**
     * What events have in common: the trace that all of them stand in, as the last one tells it. Null where they stand in
     * several or one stands in none: what is made of them belongs to no single trace, its correlation names all of them.
     */
    public static @Nullable Trace shared(List<Event> events) {
        Trace shared = events.isEmpty() ? null : events.get(0).trace();
        for (int i = 1; i < events.size() && shared != null; i++) {
            shared = shared(shared, events.get(i).trace());
        }
        return shared;
    }

    /** As {@link #shared(List)} for one more event: {@code next}, or null if that is another trace. */
    public static @Nullable Trace shared(@Nullable Trace before, @Nullable Trace next) {
        return before != null && next != null && before.id().equals(next.id()) ? next : null;
    }

    /** The id of the trace, 32 hexadecimal digits. */
    public String id() {
        return traceparent.substring(3, 35);
    }

    /**
     * Where that stands which a bot makes of its parents: in the same trace, under a parent id for "this bot handles these
     * events". That id is the same each time it does: what is emitted again is the same event.
     */
    public Trace child(String bot, Correlation parents) {
        long hash = mix(mix(mix(mix(0, bot), parents.source()), parents.start()), parents.last());
        String parent = HexFormat.of().toHexDigits(hash == 0 ? 1 : hash);
        return new Trace(traceparent.substring(0, 36) + parent + traceparent.substring(52), tracestate);
    }

    /** FNV-1a over the text and an end, then spread over all bits. Unique enough among the steps of one trace. */
    private static long mix(long before, String text) {
        long hash = before ^ 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ 0x1ff) * 0x9e3779b97f4a7c15L;
        return hash ^ (hash >>> 32);
    }
}
