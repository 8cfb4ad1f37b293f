package io.millrace.node.faults.nemesis;

import io.millrace.node.faults.bus.NodeProcess;
import io.millrace.node.faults.work.BotPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The server of webhooks dies, hangs, answers nonsense or wants to be left alone. */
final class WebhookFaults {
    private static final String CLAIMS = "webhook";

    private WebhookFaults() {}

    static List<Fault> all() {
        List<Fault> all = new ArrayList<>();
        all.add(fault("kill webhooks", (server, random) -> {
            server.kill();
            Fault.hold(500, 8_000, random);
            server.start();
        }));
        all.add(fault("stop webhooks for 6 s", (server, random) -> server.pause(6_000)));
        all.add(fault("webhooks answer garbage", (server, random) -> tell(server, "garbage", 2_500)));
        all.add(fault("webhooks are busy", (server, random) -> tell(server, "busy", 6_000)));
        return all;
    }

    private static void tell(NodeProcess server, String what, long millis) throws InterruptedException {
        server.tell(what + " " + millis);
        Thread.sleep(millis);
    }

    @FunctionalInterface
    private interface Blow {
        void strike(NodeProcess server, Random random) throws InterruptedException;
    }

    private static Fault fault(String kind, Blow blow) {
        return new Fault(Fault.Victim.WEBHOOK, kind, CLAIMS, (fault, stage, random) -> {
            NodeProcess server = stage.webhooks().process();
            List<String> hits = stage.topology().of(BotPlan.Kind.WEBHOOK).stream()
                    .map(plan -> CLAIMS + " " + plan.name())
                    .toList();
            stage.strikes(kind, server, CLAIMS, hits);
            blow.strike(server, random);
            stage.healed(kind);
        });
    }
}
