package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandlerPoolTest {
    private final HandlerPool pool = new HandlerPool(1);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void workIsDoneOnAThreadOfThePool() {
        assertThat(pool.call(() -> Thread.currentThread().getName()).join()).startsWith("millrace-handler-");
    }

    @Test
    void whateverTheWorkThrowsIsHeardOf() {
        assertThatThrownBy(() -> pool.call(() -> {
                            throw new StackOverflowError("deep");
                        })
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThat(pool.call(() -> 1).join()).isEqualTo(1);
    }

    @Test
    void cancellingInterruptsTheWorkAndFreesItsThread() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CompletableFuture<Boolean> hanging = pool.call(() -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
            return true;
        });
        running.await();

        hanging.cancel(true);

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.call(() -> Thread.currentThread().isInterrupted()).get(10, TimeUnit.SECONDS))
                .as("the next work is not interrupted")
                .isFalse();
    }

    @Test
    void workThatIsCancelledBeforeItsTurnIsNeverDone() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> first = pool.call(() -> {
            go.await();
            return null;
        });
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        CompletableFuture<Boolean> second = pool.call(() -> done.complete(true));

        second.cancel(true);
        go.countDown();

        first.get(10, TimeUnit.SECONDS);
        assertThat(pool.call(done::isDone).get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void soMuchWorkMayWaitAndNoMore() {
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<?> last = pool.call(() -> {
            go.await();
            return null;
        });
        for (int i = 0; i < 10_000; i++) {
            last = pool.call(() -> null);
        }
        assertThat(last).isNotCompletedExceptionally();
        assertThatThrownBy(() -> pool.call(() -> null).join()).hasMessageContaining("too many handlers");
        go.countDown();
    }
}
