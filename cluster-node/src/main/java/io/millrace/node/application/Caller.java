package io.millrace.node.application;

/**
 * Who asks.
 *
 * @param id names the key or the token's subject; may be logged, tells nothing secret and has no control characters
 * @param owner whom the caller acts for, what limits count by: keys that replace one another have one owner
 * @param kind how it has proven that
 * @param rights what it may do
 */
public record Caller(String id, String owner, Kind kind, Rights rights) {
    /** Somebody who has proven nothing, at a route that is for everybody. */
    public static final Caller NOBODY = new Caller("nobody", "nobody", Kind.LOCAL, Rights.NONE);

    /** Whoever reaches a node that serves its own machine only. */
    public static final Caller LOCAL = new Caller("local", "local", Kind.LOCAL, Rights.ALL);

    /** How somebody has proven who it is. */
    public enum Kind {
        /** By an API key. */
        KEY,
        /** By a token of somebody whom this bus trusts (JWT). */
        TOKEN,
        /** By nothing: the node serves loopback alone. */
        LOCAL
    }
}
