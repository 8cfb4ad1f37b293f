package io.millrace.node.faults.history;

/**
 * The values of dead letters and of what is redriven, made of the value of the event that failed: unique over a run, and an
 * event that was buried or redriven twice has one twice.
 */
public final class Named {
    /** A dead letter whose handler said that its event is poison. */
    public static final String DEAD = "dead";

    /** A dead letter that tells of something else. */
    public static final String LOST = "lost";

    /** A redriven event. */
    public static final String AGAIN = "again";

    /** A redriven event with another payload, that can be handled. */
    public static final String MENDED = "mended";

    private Named() {}

    /**
     * A name.
     *
     * @param value of the event's payload
     * @param word one of the above
     * @param eid of the event that is dead, or of the letter that was redriven
     */
    public static String of(String value, String word, String eid) {
        return value + " " + word + " " + eid;
    }

    /** The payload's value in a name. */
    public static String root(String name) {
        return name.substring(0, name.lastIndexOf(' ', name.lastIndexOf(' ') - 1));
    }

    /** Which word a name has. */
    public static boolean says(String name, String word) {
        return name.regionMatches(name.lastIndexOf(' ') - word.length() - 1, " " + word + " ", 0, word.length() + 2);
    }
}
