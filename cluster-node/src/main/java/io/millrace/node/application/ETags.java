package io.millrace.node.application;

/** Entity tags of configurations: their version in quotes. */
public final class ETags {
    private ETags() {}

    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /** Whether an {@code If-Match} field names this version, or any with {@code *}. */
    public static boolean matches(String ifMatch, long version) {
        for (String tag : ifMatch.split(",", -1)) {
            if (tag.trim().equals("*") || tag.trim().equals(of(version))) {
                return true;
            }
        }
        return false;
    }
}
