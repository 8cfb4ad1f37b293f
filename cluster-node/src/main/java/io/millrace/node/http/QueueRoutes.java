package io.millrace.node.http;

import io.millrace.node.application.Configured;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.Scope;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/** Queues as things to make, look at and archive. */
final class QueueRoutes {
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Quota quota;
    private final Queues queues;
    private final JsonBodies json;

    QueueRoutes(Quota quota, Queues queues, JsonBodies json) {
        this.quota = quota;
        this.queues = queues;
        this.json = json;
    }

    void addTo(Router router) {
        router.on("GET", "/v1/queues", Guard.KNOWN, Set.of("prefix", "after", "limit"), this::list)
                .on(
                        "GET",
                        "/v1/queues/{queue}",
                        Guard.queue(Scope.READ),
                        exchange -> queues.describe(exchange.queue()).thenApply(Answers::ok))
                .on("PUT", "/v1/queues/{queue}", Guard.queue(Scope.ADMIN), this::configure)
                .on(
                        "DELETE",
                        "/v1/queues/{queue}",
                        Guard.queue(Scope.ADMIN),
                        Set.of("purge"),
                        exchange -> queues.archive(
                                        exchange.queue(), exchange.query().flag("purge"))
                                .thenApply(Answers::ok))
                .on("GET", "/v1/queues/{queue}/producers/{producer}", Guard.queue(Scope.WRITE), this::producer);
    }

    private CompletionStage<HttpResponse> list(Exchange exchange) {
        PageWalk<Page.Queues, QueueInfo> walk =
                new PageWalk<>(queues::list, Page.Queues::queues, Page.Queues::next, QueueInfo::queue);
        return walk.walk(exchange, Scope.READ)
                .thenApply(outcome -> Answers.ok(outcome.map(found -> new Page.Queues(found.items(), found.next()))));
    }

    static int pageLimit(Query query) {
        return (int) query.number("limit", PAGE, 1, LARGEST_PAGE);
    }

    private CompletionStage<HttpResponse> configure(Exchange exchange) {
        QueueName queue = exchange.queue();
        String ifMatch = exchange.ifMatch();
        return json.read(exchange, QueueConfig.class, QueueConfig.NONE)
                .thenCompose(config -> {
                    check(config.retention());
                    return quota.admit(queue.value()).thenCompose(room -> queues.configure(queue, config, ifMatch));
                })
                .thenApply(QueueRoutes::configured);
    }

    private static void check(QueueConfig.@Nullable Retention retention) {
        Duration age = retention == null ? null : retention.maxAge();
        if (age != null && (age.compareTo(SHORTEST) < 0 || age.compareTo(LONGEST) > 0)) {
            throw Refusal.pointer(
                    ProblemType.UNPROCESSABLE, "/retention/maxAge", "must be " + SHORTEST + " to " + LONGEST);
        }
        Long bytes = retention == null ? null : retention.maxBytes();
        if (bytes != null && bytes < 1) {
            throw Refusal.pointer(ProblemType.UNPROCESSABLE, "/retention/maxBytes", "must be at least 1");
        }
    }

    /** 201 for what was made, 200 for what was changed, with its entity tag. */
    static <T> HttpResponse configured(Outcome<Configured<T>> outcome) {
        return Answers.of(
                outcome,
                done -> Answers.json(done.created() ? 201 : 200, done.value())
                        .addHeader(RawHeader.create("ETag", done.etag())));
    }

    private CompletionStage<HttpResponse> producer(Exchange exchange) {
        ProducerId producer = Exchange.named(exchange.name(1), ProducerId::new);
        return queues.producer(exchange.queue(), producer).thenApply(Answers::ok);
    }
}
