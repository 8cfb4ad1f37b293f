package io.millrace.node.application;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What somebody may do with a queue or a bot. */
public enum Scope {
    /** See a queue and read its events; see a bot. */
    READ,
    /** Append to a queue, which makes it where it isn't there. */
    WRITE,
    /** Do a bot's work, write in its name, and steer it: pause, resume, run, kill. Takes in to see it. */
    RUN,
    /** All of that; and to configure, register, archive, purge, and to move a bot back. With {@code *}: the bus itself, its keys. */
    ADMIN;

    /** As grants spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether who has this has {@code other} by it. */
    boolean includes(Scope other) {
        return this == other || this == ADMIN;
    }

    static Optional<Scope> of(String word) {
        return Stream.of(values()).filter(scope -> scope.word().equals(word)).findFirst();
    }
}
