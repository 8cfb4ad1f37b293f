package io.millrace.node.http;

import io.millrace.node.application.Append.Sequence;
import io.millrace.node.application.Rights;
import io.millrace.node.application.RunRef;
import io.millrace.node.application.RunTokens;
import io.millrace.node.application.Scope;
import io.millrace.protocol.BotId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.Trace;
import io.millrace.protocol.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What an append says about itself in its header.
 *
 * @param bot {@code Millrace-Bot}, if it is there
 * @param sequence {@code Millrace-Producer} and {@code Millrace-Sequence}, if they are there
 * @param run the run that {@code Millrace-Run} proves, if it is there
 * @param rights of the caller: in whose name it may write
 * @param trace {@code traceparent} and {@code tracestate}, if they are there and well-formed
 */
record AppendHeaders(
        @Nullable String bot,
        @Nullable Sequence sequence,
        @Nullable RunRef run,
        Rights rights,
        @Nullable Trace trace) {

    /** @throws Refusal if a field is malformed, goes without its other half, or names another bot's run, or one that isn't the caller's */
    static AppendHeaders of(Exchange exchange, RunTokens tokens) {
        String bot = exchange.header(Headers.BOT);
        if (bot != null) {
            Exchange.named(bot, BotId::new);
            exchange.require(Scope.RUN, bot);
        }
        String token = exchange.header(Headers.RUN);
        RunRef run = token == null ? null : run(token, tokens);
        if (run != null && bot != null && !bot.equals(run.owner().value())) {
            throw Query.malformed(Headers.BOT, "names another bot than the run's");
        }
        if (run != null) {
            exchange.require(Scope.RUN, run.bot().value());
        }
        Trace trace = Trace.ofHeaders(exchange.headers(Headers.TRACEPARENT), exchange.headers(Headers.TRACESTATE))
                .orElse(null);
        return new AppendHeaders(bot, sequence(exchange), run, exchange.caller().rights(), trace);
    }

    /** @throws Refusal as stale if no node of this cluster signed the token */
    static RunRef run(String token, RunTokens tokens) {
        return tokens.read(token)
                .orElseThrow(() -> Refusal.of(ProblemType.STALE_RUN, "the run's token is not one of this cluster"));
    }

    private static @Nullable Sequence sequence(Exchange exchange) {
        String producer = exchange.header(Headers.PRODUCER);
        String number = exchange.header(Headers.SEQUENCE);
        if (producer == null && number == null) {
            return null;
        }
        if (producer == null || number == null) {
            throw Refusal.of(
                    ProblemType.BAD_REQUEST,
                    Headers.PRODUCER + " and " + Headers.SEQUENCE + " come together or not at all");
        }
        if (!number.matches("[1-9][0-9]{0,17}")) {
            throw Query.malformed(Headers.SEQUENCE, "must be a whole number from 1");
        }
        return new Sequence(Exchange.named(producer, ProducerId::new), Long.parseLong(number));
    }

    /** @throws Refusal if the caller may not write in that bot's name */
    void requireWriter(String name) {
        if (!rights.allow(Scope.RUN, name)) {
            throw Exchange.forbidden(Scope.RUN);
        }
    }

    /** Who writes: who the request says, else the run's bot, else nobody. */
    String writer() {
        return bot != null ? bot : run != null ? run.owner().value() : "";
    }
}
