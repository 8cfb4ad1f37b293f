package io.millrace.node.webhook;

import io.millrace.node.run.NotTakenException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks names up, on a few threads of its own: the system's resolver blocks. Who asks for a name that is being looked up waits
 * for the same answer, so a name whose server is slow holds one thread.
 */
final class Resolver implements AutoCloseable {
    /** What asks; it may block. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private static final int THREADS = 16;
    private static final int MAX_WAITING = 1_000;

    private final Lookup lookup;
    private final ConcurrentHashMap<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;

    Resolver(Lookup lookup) {
        this.lookup = lookup;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), work -> {
                    Thread thread = new Thread(work, "millrace-resolve-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** The addresses of a host, at least one; fails with a {@link CallFailedException}. */
    CompletionStage<List<InetAddress>> resolve(String host) {
        return AddressRules.literal(host)
                .<CompletionStage<List<InetAddress>>>map(address -> CompletableFuture.completedStage(List.of(address)))
                .orElseGet(() -> lookUp(host));
    }

    private CompletionStage<List<InetAddress>> lookUp(String host) {
        CompletableFuture<List<InetAddress>> mine = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> other = underWay.putIfAbsent(host, mine);
        if (other != null) {
            return other;
        }
        try {
            threads.execute(() -> answer(host, mine));
        } catch (RejectedExecutionException e) {
            underWay.remove(host, mine);
            mine.completeExceptionally(new NotTakenException("too many names wait to be looked up on this node"));
        }
        return mine;
    }

    private void answer(String host, CompletableFuture<List<InetAddress>> answer) {
        try {
            List<InetAddress> addresses = List.of(lookup.addresses(host));
            underWay.remove(host, answer);
            answer.complete(addresses);
        } catch (UnknownHostException | RuntimeException e) {
            underWay.remove(host, answer);
            answer.completeExceptionally(new NotTakenException("there is no host " + host));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
