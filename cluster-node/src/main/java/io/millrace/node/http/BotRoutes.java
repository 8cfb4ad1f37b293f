package io.millrace.node.http;

import io.millrace.node.application.Bots;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Scope;
import io.millrace.node.application.Steering;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.pace.Ramp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Bots as things to register, look at, steer and archive; and where a worker asks for a run. */
final class BotRoutes {
    private static final int NAME = 200;
    private static final int TAG = 100;
    private static final Set<String> TAGGED = Set.of("tag", "after", "limit");
    private static final int REASON = 2_000;
    private static final int RUNS = 100;
    private static final Set<String> STATES =
            Set.of("nominal", "warning", "error", "rogue", "running", "paused", "archived", "backing-off");

    private final Quota quota;
    private final Bots bots;
    private final JsonBodies json;
    private final Duration longestWait;

    BotRoutes(Quota quota, Bots bots, JsonBodies json, Duration longestWait) {
        this.quota = quota;
        this.bots = bots;
        this.json = json;
        this.longestWait = longestWait;
    }

    void addTo(Router router) {
        Guard readers = Guard.of(exchange -> {
            exchange.require(Scope.READ, exchange.queue().value());
            exchange.requireAll(Scope.RUN);
        });
        router.on("GET", "/v1/bots", Guard.KNOWN, Set.of("prefix", "after", "limit", "state"), this::list)
                .on(
                        "POST",
                        "/v1/bots/pause",
                        Guard.bus(Scope.RUN),
                        TAGGED,
                        exchange -> reason(exchange, reason -> tagged(exchange, reason)))
                .on(
                        "POST",
                        "/v1/bots/resume",
                        Guard.bus(Scope.RUN),
                        TAGGED,
                        exchange -> rate(exchange, rate -> tagged(exchange, Steering.resume(rate))))
                .on("POST", "/v1/queues/{queue}/readers/pause", readers, exchange -> {
                    QueueName queue = exchange.queue();
                    return reason(
                            exchange, reason -> bots.steerReaders(queue, reason).thenApply(Answers::ok));
                })
                .on("POST", "/v1/queues/{queue}/readers/resume", readers, exchange -> {
                    QueueName queue = exchange.queue();
                    return rate(
                            exchange,
                            rate -> bots.steerReaders(queue, Steering.resume(rate))
                                    .thenApply(Answers::ok));
                })
                .on("GET", "/v1/bots/{bot}", Guard.seenBot(), steer(bots::describe))
                .on("PUT", "/v1/bots/{bot}", Guard.bot(Scope.ADMIN), this::register)
                .on("DELETE", "/v1/bots/{bot}", Guard.bot(Scope.ADMIN), steer(bots::archive))
                .on("POST", "/v1/bots/{bot}/pause", Guard.bot(Scope.RUN), this::pause)
                .on("POST", "/v1/bots/{bot}/resume", Guard.bot(Scope.RUN), exchange -> {
                    BotId bot = exchange.bot();
                    return rate(exchange, rate -> bots.resume(bot, rate).thenApply(Answers::ok));
                })
                .on("POST", "/v1/bots/{bot}/run", Guard.bot(Scope.RUN), steer(bots::run))
                .on("POST", "/v1/bots/{bot}/kill", Guard.bot(Scope.RUN), steer(bots::kill))
                .on(
                        "GET",
                        "/v1/bots/{bot}/explain",
                        Guard.seenBot(),
                        exchange -> bots.explain(exchange.bot()).thenApply(Answers::ok))
                .on("GET", "/v1/bots/{bot}/runs", Guard.seenBot(), Set.of("limit"), this::runs)
                .on("POST", "/v1/bots/{bot}/runs", Guard.bot(Scope.RUN).routine(), Set.of("wait"), this::ask);
    }

    private static Router.Handler steer(Function<BotId, CompletionStage<Outcome<BotInfo>>> action) {
        return exchange -> action.apply(exchange.bot()).thenApply(Answers::ok);
    }

    private CompletionStage<HttpResponse> list(Exchange exchange) {
        Query query = exchange.query();
        String state = query.text("state");
        if (state != null && !STATES.contains(state)) {
            throw Query.malformed(
                    "state",
                    "must be one of "
                            + String.join(", ", STATES.stream().sorted().toList()));
        }
        PageWalk<Page.Bots, BotInfo> walk = new PageWalk<>(
                (prefix, after, limit) -> bots.list(prefix, after, limit, state),
                Page.Bots::bots,
                Page.Bots::next,
                BotInfo::bot);
        return walk.walk(exchange, Scope.READ, Scope.RUN)
                .thenApply(outcome -> Answers.ok(outcome.map(found -> new Page.Bots(found.items(), found.next()))));
    }

    private CompletionStage<HttpResponse> register(Exchange exchange) {
        BotId bot = exchange.bot();
        String ifMatch = exchange.ifMatch();
        return json.read(exchange, BotConfig.class)
                .thenCompose(config -> {
                    requireQueues(exchange, config);
                    return quota.admit(bot.value()).thenCompose(room -> bots.register(bot, config, ifMatch));
                })
                .thenApply(QueueRoutes::configured);
    }

    /** The node reads and writes for its handlers: nobody is to reach through a bot what he can't reach himself. */
    private static void requireQueues(Exchange exchange, BotConfig config) {
        requireAll(exchange, Scope.READ, config.triggers());
        requireAll(exchange, Scope.READ, config.reads());
        requireAll(exchange, Scope.WRITE, config.writes());
    }

    private static void requireAll(Exchange exchange, Scope scope, @Nullable List<String> queues) {
        if (queues != null) {
            queues.forEach(queue -> exchange.require(scope, String.valueOf(queue)));
        }
    }

    private CompletionStage<HttpResponse> tagged(Exchange exchange, Steering steering) {
        Query query = exchange.query();
        String tag = query.shortText("tag", TAG);
        if (tag.isEmpty()) {
            throw Query.malformed("tag", "must be given");
        }
        return bots.steerTagged(tag, steering, query.shortText("after", NAME), QueueRoutes.pageLimit(query))
                .thenApply(Answers::ok);
    }

    private CompletionStage<HttpResponse> reason(
            Exchange exchange, Function<Steering, CompletionStage<HttpResponse>> then) {
        return json.read(exchange, RunProtocol.Pause.class, new RunProtocol.Pause(null))
                .thenCompose(pause -> {
                    requireShort("/reason", pause.reason());
                    return then.apply(Steering.pause(pause.reason()));
                });
    }

    private CompletionStage<HttpResponse> rate(
            Exchange exchange, Function<@Nullable Ramp, CompletionStage<HttpResponse>> then) {
        return json.read(exchange, RunProtocol.Resume.class, RunProtocol.Resume.AT_ONCE)
                .thenCompose(resume -> {
                    Ramp rate = resume.rate();
                    List<InputError> errors = rate == null ? List.of() : rate.errors("/rate");
                    if (!errors.isEmpty()) {
                        throw new Refusal(Problem.of(
                                ProblemType.UNPROCESSABLE, errors.get(0).detail(), errors));
                    }
                    return then.apply(rate);
                });
    }

    private CompletionStage<HttpResponse> pause(Exchange exchange) {
        BotId bot = exchange.bot();
        return json.read(exchange, RunProtocol.Pause.class, new RunProtocol.Pause(null))
                .thenCompose(pause -> {
                    requireShort("/reason", pause.reason());
                    return bots.pause(bot, pause.reason());
                })
                .thenApply(Answers::ok);
    }

    private CompletionStage<HttpResponse> runs(Exchange exchange) {
        long limit = exchange.query().number("limit", RUNS, 1, RUNS);
        return bots.runs(exchange.bot())
                .thenApply(outcome -> Answers.ok(outcome.map(runs -> new RunProtocol.Summaries(
                        runs.runs().stream().limit(limit).toList()))));
    }

    private CompletionStage<HttpResponse> ask(Exchange exchange) {
        BotId bot = exchange.bot();
        Duration wait = Duration.ofSeconds(exchange.query().number("wait", 0, 0, longestWait.toSeconds()));
        return json.read(exchange, RunProtocol.Ask.class)
                .thenCompose(ask -> {
                    String worker = ask.worker();
                    if (worker.isBlank() || worker.length() > NAME) {
                        throw Refusal.pointer(
                                ProblemType.UNPROCESSABLE, "/worker", "must have 1 to " + NAME + " characters");
                    }
                    return ask(bot, worker, wait, exchange.gone());
                })
                .thenApply(outcome -> Answers.of(
                        outcome,
                        grant ->
                                grant.map(granted -> Answers.json(201, granted)).orElseGet(Answers::empty)));
    }

    private CompletionStage<Outcome<Optional<RunProtocol.Grant>>> ask(
            BotId bot, String worker, Duration wait, CompletionStage<?> gone) {
        // A connection that ends after the answer is no sign that the worker has gone.
        CompletableFuture<Void> goneBefore = new CompletableFuture<>();
        CompletionStage<Outcome<Optional<RunProtocol.Grant>>> answer = bots.ask(bot, worker, wait, goneBefore);
        gone.whenComplete((done, failure) -> {
            if (!answer.toCompletableFuture().isDone()) {
                goneBefore.complete(null);
            }
        });
        return answer;
    }

    static void requireShort(String pointer, @Nullable String text) {
        if (text != null && text.length() > REASON) {
            throw Refusal.pointer(ProblemType.UNPROCESSABLE, pointer, "must be at most " + REASON + " characters");
        }
    }
}
