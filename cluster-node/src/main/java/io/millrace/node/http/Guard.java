package io.millrace.node.http;

import io.millrace.node.application.Scope;
import java.util.function.Consumer;

/**
 * What a route takes of its caller; openapi.yaml tells the same in {@code security}. It is looked at before anything is looked up,
 * and depends on nothing but the caller and what the request names: so a name that is somebody else's and one that nobody has
 * answer alike, and in the same time.
 */
final class Guard {
    /** Takes nothing, not even to be known. */
    static final Guard OPEN = of(exchange -> {});

    /** Takes a key or token, whatever it allows: the route shows nothing secret, or sees to the rest itself. */
    static final Guard KNOWN = of(exchange -> {});

    private final Consumer<Exchange> check;
    private final boolean routine;

    private Guard(Consumer<Exchange> check, boolean routine) {
        this.check = check;
        this.routine = routine;
    }

    /** A grant for the queue that the path names first. */
    static Guard queue(Scope scope) {
        return of(exchange -> exchange.require(scope, exchange.queue().value()));
    }

    /** A grant for the bot that the path names first. */
    static Guard bot(Scope scope) {
        return of(exchange -> exchange.require(scope, exchange.bot().value()));
    }

    /** To see the bot that the path names first. */
    static Guard seenBot() {
        return of(exchange -> requireSeen(exchange, exchange.bot().value()));
    }

    /** A grant for everything. */
    static Guard bus(Scope scope) {
        return of(exchange -> exchange.requireAll(scope));
    }

    /** @param check throws a {@link Refusal} as {@link Exchange#require} does; must look nothing up */
    static Guard of(Consumer<Exchange> check) {
        return new Guard(check, false);
    }

    /** @throws Refusal if the caller may neither read the bot nor do its work */
    static void requireSeen(Exchange exchange, String bot) {
        if (!exchange.may(Scope.RUN, bot)) {
            exchange.require(Scope.READ, bot);
        }
    }

    /** @throws Refusal if the caller lacks it */
    void check(Exchange exchange) {
        check.accept(exchange);
    }

    /** The same for what producers and workers do all day: it isn't written down each time, refusals are. */
    Guard routine() {
        return new Guard(check, true);
    }

    boolean isRoutine() {
        return routine;
    }

    boolean isOpen() {
        return this == OPEN;
    }
}
