package io.millrace.node.http;

import io.millrace.protocol.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Chooses a media type after {@code Accept} (RFC 9110, 12.5.1). */
final class Accept {
    private record Range(String type, double quality) {
        /** How closely it names the type: 3 exactly, 1 by {@code *}{@code /*}, 0 not at all. */
        int precision(String mediaType) {
            if (type.equals(mediaType)) {
                return 3;
            }
            if (type.endsWith("/*") && mediaType.startsWith(type.substring(0, type.length() - 1))) {
                return 2;
            }
            return type.equals("*/*") ? 1 : 0;
        }
    }

    private Accept() {}

    /**
     * The offer that the client likes best; among equals the first.
     *
     * @throws Refusal if it takes none of them, or the field is malformed
     */
    static <T> T choose(@Nullable String header, List<T> offers, Function<T, String> mediaType) {
        if (header == null || header.isBlank()) {
            return offers.get(0);
        }
        List<Range> ranges = parse(header);
        T best = null;
        double bestQuality = 0;
        for (T offer : offers) {
            double quality = quality(ranges, mediaType.apply(offer));
            if (quality > bestQuality) {
                best = offer;
                bestQuality = quality;
            }
        }
        if (best == null) {
            throw Refusal.field(
                    ProblemType.NOT_ACCEPTABLE,
                    "Accept",
                    "there are "
                            + String.join(", ", offers.stream().map(mediaType).toList()));
        }
        return best;
    }

    private static double quality(List<Range> ranges, String mediaType) {
        int precision = 0;
        double quality = 0;
        for (Range range : ranges) {
            if (range.precision(mediaType) > precision) {
                precision = range.precision(mediaType);
                quality = range.quality();
            }
        }
        return quality;
    }

    private static List<Range> parse(String header) {
        List<Range> ranges = new ArrayList<>();
        for (String part : header.split(",")) {
            String[] pieces = part.split(";");
            String type = pieces[0].strip().toLowerCase(Locale.ROOT);
            if (!type.matches("[a-z0-9!#$&^_.+*-]+/[a-z0-9!#$&^_.+*-]+")) {
                throw Query.malformed("Accept", "is not a list of media types");
            }
            double quality = 1;
            for (int i = 1; i < pieces.length; i++) {
                String parameter = pieces[i].strip().toLowerCase(Locale.ROOT);
                if (parameter.startsWith("q=")) {
                    quality = quality(parameter.substring(2));
                }
            }
            ranges.add(new Range(type, quality));
        }
        return ranges;
    }

    private static double quality(String text) {
        if (!text.matches("(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
            throw Query.malformed("Accept", "a quality must be 0 to 1");
        }
        return Double.parseDouble(text);
    }
}
