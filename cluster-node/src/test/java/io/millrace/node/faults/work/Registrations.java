package io.millrace.node.faults.work;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.Operation;
import java.net.URI;
import java.time.Duration;

/** Registers bots, and changes them. */
final class Registrations {
    private static final Duration SETUP = Duration.ofMinutes(2);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Registrations() {}

    /** Asks once. */
    static Http.Answer attempt(Work work, Http http, BotPlan plan, URI webhooks, boolean mended, int lanes)
            throws InterruptedException {
        long from = System.nanoTime();
        Http.Answer answer = http.put("/v1/bots/" + plan.name(), plan.registration(webhooks, mended, lanes), LIMIT);
        Call call = Calls.of("administrator", from, answer);
        work.history().write(new Operation.Administered(call, plan.name(), "register"));
        return answer;
    }

    /**
     * Repeats until the bus has taken it; what is registered as it was changes nothing.
     *
     * @throws IllegalStateException if it doesn't take it within two minutes
     */
    static void register(Work work, BotPlan plan, URI webhooks, boolean mended, int lanes) throws InterruptedException {
        Http http = work.http(0);
        long start = System.nanoTime();
        while (true) {
            Http.Answer answer = attempt(work, http, plan, webhooks, mended, lanes);
            if (answer.isOk()) {
                return;
            }
            if (System.nanoTime() - start > SETUP.toNanos()) {
                throw new IllegalStateException("could not register " + plan.name() + ": " + answer);
            }
            Work.about(500);
        }
    }
}
