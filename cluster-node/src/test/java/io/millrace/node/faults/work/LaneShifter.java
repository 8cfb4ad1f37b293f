package io.millrace.node.faults.work;

import java.net.URI;
import java.util.Random;

/** Changes the number of a bot's lanes again and again, while events flow and faults strike. */
final class LaneShifter {
    private static final int MOST_LANES = 5;

    private final Work work;
    private final BotPlan plan;
    private final URI webhooks;
    private final Random random;
    private final Http http;
    private int lanes;

    LaneShifter(Work work, BotPlan plan, URI webhooks, long seed) {
        this.work = work;
        this.plan = plan;
        this.webhooks = webhooks;
        this.random = new Random(seed);
        this.http = work.http(random.nextInt(work.nodes().size()));
        this.lanes = plan.lanes();
    }

    Thread start() {
        return work.loop("l-" + plan.name(), this::step);
    }

    private void step() throws InterruptedException {
        Work.about(20_000);
        lanes = 1 + (lanes + random.nextInt(MOST_LANES - 1)) % MOST_LANES;
        Registrations.attempt(work, http, plan, webhooks, false, lanes);
    }
}
