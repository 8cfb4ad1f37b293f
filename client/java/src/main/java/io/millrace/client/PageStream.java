package io.millrace.client;

import io.millrace.client.internal.Answer;
import io.millrace.client.internal.Call;
import io.millrace.client.internal.Futures;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.BlockException;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.http.QueueInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one read, in order. While a page is consumed the next one is on its way, so at most two are held. For one
 * consumer, which asks for a page when it is done with the one before.
 */
final class PageStream {
    /** A node holds a request at most 60 s; half of that keeps clear of what lies between. */
    private static final Duration FOLLOW_WAIT = Duration.ofSeconds(30);

    private final Connection connection;
    private final QueueName queue;
    private final ReadOptions options;
    private final Duration wait;
    private long stopAt = Long.MAX_VALUE;
    private @Nullable CompletableFuture<Answer> request;
    private @Nullable CompletableFuture<Page> ahead;
    private @Nullable CompletableFuture<@Nullable Position> tail;
    private long left;
    private boolean cancelled;
    private volatile @Nullable EventId skippedTo;

    PageStream(Connection connection, QueueName queue, ReadOptions options) {
        this(connection, queue, options, options.follow ? FOLLOW_WAIT : Duration.ZERO);
    }

    /** A stream of pages; with {@code wait} the node holds a request at the tail, and what it then gives may be empty. */
    PageStream(Connection connection, QueueName queue, ReadOptions options, Duration wait) {
        this.connection = connection;
        this.queue = queue;
        this.options = options;
        this.wait = wait;
        this.left = options.limit;
    }

    boolean isFollowing() {
        return !wait.isZero();
    }

    /** The next page; it may be empty without being the end. */
    synchronized CompletableFuture<Page> next() {
        CompletableFuture<Page> page = ahead;
        if (page == null) {
            start();
            page = fetch(options.after);
        }
        CompletableFuture<Page> given = page;
        ahead = given.thenCompose(this::following);
        return given;
    }

    private void start() {
        if (options.runTime != null) {
            stopAt = System.nanoTime() + options.runTime.toNanos();
        }
        if (options.stopTime != null) {
            Duration until = Duration.between(Instant.now(), options.stopTime);
            stopAt = Math.min(stopAt, System.nanoTime() + (until.isNegative() ? 0 : until.toNanos()));
        }
        if (!isFollowing()) {
            tail = tail();
        }
    }

    /** Where the queue ended when the read began; null if it has no event. */
    private CompletableFuture<@Nullable Position> tail() {
        return Replies.as(connection.send(connection.call("GET", Connection.queue(queue))), QueueInfo.class)
                .<@Nullable Position>thenApply(info -> info.last() == null ? null : Position.of(info.last()))
                .exceptionally(failure -> {
                    if (Replies.unwrap(failure) instanceof NotFoundException) {
                        return null;
                    }
                    throw Replies.of(failure);
                });
    }

    private CompletableFuture<Page> following(Page page) {
        return page.isEnd()
                ? CompletableFuture.completedFuture(Page.empty(page.nextPosition(), true))
                : fetch(page.nextPosition());
    }

    private synchronized CompletableFuture<Page> fetch(Position after) {
        if (cancelled || System.nanoTime() - stopAt >= 0 || left <= 0) {
            return CompletableFuture.completedFuture(Page.empty(after, true));
        }
        CompletableFuture<Answer> sent = connection.send(call(after));
        request = sent;
        CompletableFuture<Answer> answer = Replies.map(sent, ok -> told(ok, after));
        CompletableFuture<@Nullable Position> end = tail;
        return end == null
                ? answer.thenApply(ok -> page(ok, after, options.until))
                : answer.thenCombine(end, (ok, last) -> bounded(ok, after, last));
    }

    private Answer told(Answer answer, Position after) {
        answer.header(Headers.SKIPPED_TO)
                .map(EventId::parse)
                .filter(kept -> !kept.equals(skippedTo))
                .ifPresent(kept -> {
                    skippedTo = kept;
                    options.onSkipped.accept(new Skipped(queue, after, kept));
                });
        return answer;
    }

    /** Where the read last went on because what was next is gone; null if that never was so. */
    @Nullable
    EventId skippedTo() {
        return skippedTo;
    }

    private Page bounded(Answer answer, Position after, @Nullable Position last) {
        Position until = options.until;
        if (last == null) {
            return Page.empty(after, true);
        }
        boolean sooner = until != null && until.firstAfter().compareTo(last.firstAfter()) < 0;
        return page(answer, after, sooner ? until : last);
    }

    private synchronized Page page(Answer answer, Position after, @Nullable Position until) {
        Position next = answer.header(Headers.NEXT).map(Position::parse).orElse(after);
        Page page;
        try {
            page = options.where == null
                    ? Page.ofBlocks(answer.body(), after, until, left)
                    : Page.ofLines(answer.body(), next, until, left);
        } catch (BlockException e) {
            throw new UnavailableException("the node's answer is corrupt: " + e.getMessage(), null, e);
        }
        left -= page.events();
        boolean stuck = page.events() == 0 && (options.where == null || next.equals(after));
        return stuck && !isFollowing() && !page.isEnd() ? Page.empty(after, true) : page;
    }

    private Call call(Position after) {
        StringBuilder path = new StringBuilder(Connection.queue(queue))
                .append("/events?after=")
                .append(Connection.encode(after.toString()))
                .append("&limit=")
                .append(Math.min(left, Limits.READ_EVENTS))
                .append("&bytes=")
                .append(options.pageBytes);
        if (options.until != null) {
            path.append("&until=").append(Connection.encode(options.until.toString()));
        }
        if (options.where != null) {
            path.append("&where=").append(Connection.encode(options.where));
        }
        Duration held = Duration.ZERO;
        if (isFollowing()) {
            long seconds = Math.max(1, wait.toSeconds());
            if (stopAt != Long.MAX_VALUE) {
                seconds = Math.max(1, Math.min(seconds, (stopAt - System.nanoTime()) / 1_000_000_000L));
            }
            held = Duration.ofSeconds(seconds);
            path.append("&wait=").append(seconds);
        }
        return connection
                .call("GET", path.toString())
                .with("Accept", options.where == null ? MediaTypes.BLOCK : MediaTypes.NDJSON)
                .waiting(held);
    }

    /** Ends the read; what is asked for after this is empty and the end. */
    synchronized void cancel() {
        cancelled = true;
        CompletableFuture<Answer> running = request;
        if (running != null) {
            Futures.onDone(running, (answer, failure) -> {});
            running.cancel(true);
        }
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }
}
