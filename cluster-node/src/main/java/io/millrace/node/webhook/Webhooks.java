package io.millrace.node.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.run.LaterHandler;
import io.millrace.node.run.RunOrder;
import io.millrace.node.run.WebhookHandlers;
import io.millrace.node.settings.WebhookSettings;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.http.WebhookSecrets;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;

/** The webhooks that this node calls. */
public final class Webhooks implements WebhookHandlers, AutoCloseable {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final AddressRules rules;
    private final Resolver resolver;
    private final Egress egress;
    private final Gate gate;
    private final WebhookMetrics metrics;

    private Webhooks(ActorSystem<?> system, WebhookSettings settings, Resolver resolver, MeterRegistry meters) {
        this.rules = new AddressRules(settings.allow());
        this.resolver = resolver;
        this.egress = new Egress(system, rules, resolver, settings);
        this.gate = new Gate(settings.calls(), settings.waiting());
        this.metrics = new WebhookMetrics(meters, gate);
    }

    /** Calls from the given system's node. */
    public static Webhooks start(ActorSystem<?> system, WebhookSettings settings, MeterRegistry meters) {
        return new Webhooks(system, settings, new Resolver(InetAddress::getAllByName), meters);
    }

    @Override
    public List<InputError> check(HandlerSpec.Webhook webhook) {
        List<InputError> errors = new ArrayList<>();
        try {
            Target target = Target.parse(webhook.url());
            AddressRules.literal(target.host()).ifPresent(address -> rules.choose(target.host(), List.of(address)));
        } catch (ForbiddenTargetException e) {
            errors.add(new InputError(null, "/handler/url", String.valueOf(e.getMessage())));
        }
        Duration timeout = webhook.timeout();
        if (timeout != null && (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0)) {
            errors.add(new InputError(null, "/handler/timeout", "must be " + SHORTEST + " to " + LONGEST));
        }
        if (!webhook.keepsSecret() && WebhookSecrets.of(webhook.secret()).isEmpty()) {
            errors.add(
                    new InputError(
                            null,
                            "/handler/secret",
                            "must be whsec_ and base64 of 24 to 64 bytes; two of these, with a space between, while it is changed"));
        }
        return errors;
    }

    @Override
    public LaterHandler create(RunOrder order, HandlerSpec.Webhook webhook, Clock clock) {
        WebhookSecrets secrets = WebhookSecrets.of(webhook.secret())
                .orElseThrow(() -> new IllegalStateException("the registration was checked"));
        return new WebhookHandler(
                order.ref(), webhook, Target.parse(webhook.url()), secrets, egress, gate, metrics, clock);
    }

    /** Looks no more names up. */
    @Override
    public void close() {
        resolver.close();
    }
}
