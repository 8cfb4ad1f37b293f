package io.millrace.node.bot;

import io.millrace.node.schedule.InvalidScheduleException;
import io.millrace.node.schedule.Schedule;
import io.millrace.protocol.Problem;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a registration must fulfil to be able to work. */
final class BotRules {
    static final int MAX_TRIGGERS = 100;
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int MAX_BATCH = 100_000;
    private static final int MAX_BATCH_BYTES = 16 << 20;
    private static final int MAX_TEXT = 2_000;
    private static final int MAX_OWNER = 200;
    private static final int MAX_TAGS = 50;
    private static final int MAX_TAG = 100;
    private static final int MAX_SETTINGS = 64 << 10;

    private final BotConfig config;
    private final Predicate<String> handlers;
    private final Instant now;
    private final List<InputError> errors = new ArrayList<>();

    private BotRules(BotConfig config, Predicate<String> handlers, Instant now) {
        this.config = config;
        this.now = now;
        this.handlers = handlers;
    }

    /**
     * Holds a registration against the rules.
     *
     * @param handlers knows the java handlers of the node
     * @param now a schedule must have slots after it
     * @return the problem with a pointer to each field at fault, or empty
     */
    static Optional<Problem> check(BotConfig config, Predicate<String> handlers, Instant now) {
        BotRules rules = new BotRules(config, handlers, now);
        rules.checkAll();
        return rules.errors.isEmpty() ? Optional.empty() : Optional.of(problem(rules.errors));
    }

    /**
     * As the shorter form; what is fine by that is held against the handler's own rules too.
     *
     * @param settings by the handler and the triggers, what is wrong with its settings
     */
    static Optional<Problem> check(
            BotConfig config,
            Predicate<String> handlers,
            BiFunction<HandlerSpec, List<String>, List<InputError>> settings,
            Instant now) {
        return check(config, handlers, now).or(() -> {
            List<String> triggers = config.triggers();
            HandlerSpec handler = config.handler();
            List<InputError> errors =
                    handler == null ? List.of() : settings.apply(handler, triggers == null ? List.of() : triggers);
            return errors.isEmpty() ? Optional.empty() : Optional.of(problem(errors));
        });
    }

    private static Problem problem(List<InputError> errors) {
        return Problem.of(
                ProblemType.UNPROCESSABLE,
                "the registration can't work: " + errors.get(0).detail(),
                errors);
    }

    private void checkAll() {
        handler(config.handler());
        queues("/triggers", config.triggers());
        schedule(config.schedule(), config.timeZone());
        queues("/reads", config.reads());
        queues("/writes", config.writes());
        duration("/maxDuration", config.maxDuration(), SHORTEST, LONGEST);
        Double fraction = config.readFraction();
        require("/readFraction", fraction == null || (fraction > 0 && fraction <= 1), "must be over 0 and at most 1");
        text("/description", config.description(), MAX_TEXT);
        text("/owner", config.owner(), MAX_OWNER);
        List<String> tags = config.tags();
        require(
                "/tags",
                tags == null
                        || (tags.size() <= MAX_TAGS
                                && tags.stream().allMatch(tag -> tag != null && tag.length() <= MAX_TAG)),
                "at most " + MAX_TAGS + " tags of at most " + MAX_TAG + " characters");
        batch(config.batch());
        retry(config.retry());
        BotConfig.Lag lag = config.lag();
        if (lag != null) {
            duration("/lag/source", lag.source(), Duration.ZERO, Duration.ofDays(365));
            duration("/lag/write", lag.write(), Duration.ZERO, Duration.ofDays(365));
        }
    }

    private void handler(@Nullable HandlerSpec handler) {
        require("/handler", handler != null, "a bot needs a handler");
        if (handler instanceof HandlerSpec.Java java) {
            require("/handler/class", handlers.test(java.className()), "no node has a handler of this class");
            settings(java.settings());
        } else if (handler instanceof HandlerSpec.Worker worker) {
            settings(worker.settings());
        }
    }

    private void settings(com.fasterxml.jackson.databind.@Nullable JsonNode settings) {
        require(
                "/handler/settings",
                settings == null || (settings.isObject() && settings.toString().length() <= MAX_SETTINGS),
                "must be an object of at most " + MAX_SETTINGS + " characters");
    }

    private void schedule(@Nullable String cron, @Nullable String timeZone) {
        if (cron == null) {
            require("/timeZone", timeZone == null, "there is no schedule that it could be of");
            return;
        }
        try {
            boolean comes = Schedule.of(cron, timeZone).next(now).isPresent();
            require("/schedule", comes, "no such time comes within ten years");
        } catch (InvalidScheduleException e) {
            require(e.pointer(), false, e.detail());
        }
    }

    private void queues(String pointer, @Nullable List<String> names) {
        if (names == null) {
            return;
        }
        require(pointer, names.size() <= MAX_TRIGGERS, "at most " + MAX_TRIGGERS + " queues");
        require(pointer, names.stream().distinct().count() == names.size(), "a queue stands there twice");
        for (int i = 0; i < Math.min(names.size(), MAX_TRIGGERS); i++) {
            require(pointer + "/" + i, isQueue(names.get(i)), "is not the name of a queue");
        }
    }

    private static boolean isQueue(@Nullable String name) {
        try {
            return name != null && new QueueName(name).value().equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void batch(BotConfig.@Nullable Batch batch) {
        if (batch == null) {
            return;
        }
        Integer count = batch.count();
        require("/batch/count", count == null || (count >= 1 && count <= MAX_BATCH), "must be 1 to " + MAX_BATCH);
        Integer bytes = batch.bytes();
        require(
                "/batch/bytes",
                bytes == null || (bytes >= 1 && bytes <= MAX_BATCH_BYTES),
                "must be 1 to " + MAX_BATCH_BYTES);
        duration("/batch/time", batch.time(), Duration.ZERO, Duration.ofMinutes(5));
    }

    private void retry(BotConfig.@Nullable Retry retry) {
        if (retry == null) {
            return;
        }
        String wrong = PoisonRules.wrongAttempts(retry.attempts());
        require("/retry/attempts", wrong == null, String.valueOf(wrong));
        duration("/retry/backoff", retry.backoff(), PoisonRules.LEAST_BACKOFF, PoisonRules.MAX_BACKOFF);
    }

    private void duration(String pointer, @Nullable Duration value, Duration least, Duration greatest) {
        require(
                pointer,
                value == null || (value.compareTo(least) >= 0 && value.compareTo(greatest) <= 0),
                "must be " + least + " to " + greatest);
    }

    private void text(String pointer, @Nullable String text, int length) {
        require(pointer, text == null || text.length() <= length, "at most " + length + " characters");
    }

    private void require(String pointer, boolean condition, String otherwise) {
        if (!condition) {
            errors.add(new InputError(null, pointer, otherwise));
        }
    }
}
