package io.millrace.node.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Caller;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Scope;
import io.millrace.node.application.StorageAwayException;
import io.millrace.node.run.MovableClock;
import io.millrace.protocol.http.ApiKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys from their making to their end, as one node sees them whose storage is shared with others. */
class ApiKeysTest {
    private final MovableClock clock = new MovableClock(1_700_000_000_000L);
    private final MemoryKeys store = new MemoryKeys();
    private final ApiKeys elsewhere = new ApiKeys(store, clock);
    private final List<Runnable> delayed = new ArrayList<>();
    private final KeyRing ring = new KeyRing(store, clock, clock::millis, millis -> delayed::add);
    private final Callers callers = new Callers(ring, null);

    private ApiKey make(String name, String... grants) {
        return made(new ApiKey.Request(name, List.of(grants), null));
    }

    private ApiKey made(ApiKey.Request request) {
        Outcome<ApiKey> outcome =
                elsewhere.create(request, "test").toCompletableFuture().join();
        clock.plus(1);
        return ((Outcome.Done<ApiKey>) outcome).value();
    }

    private String refusal(ApiKey.Request request) {
        Outcome<ApiKey> outcome =
                elsewhere.create(request, "test").toCompletableFuture().join();
        return ((Outcome.Refused<ApiKey>) outcome).problem().toString();
    }

    private Optional<Caller> caller(String authorization) {
        var asked = callers.caller(authorization).toCompletableFuture();
        if (!asked.isDone()) {
            pass(200);
        }
        return asked.join();
    }

    /** Time goes on, and what it was waited for with is done. */
    private void pass(long millis) {
        clock.plus(millis);
        List<Runnable> due = List.copyOf(delayed);
        delayed.clear();
        due.forEach(Runnable::run);
    }

    private Optional<Caller> caller(ApiKey key) {
        return caller("Bearer " + key.secret());
    }

    @Test
    void aKeyMadeElsewhereIsKnownHereAtOnceWithItsGrants() {
        ring.refresh();

        ApiKey key = make("shop", "write:orders", "read:orders-*");

        assertThat(caller(key)).hasValueSatisfying(caller -> {
            assertThat(caller.kind()).isEqualTo(Caller.Kind.KEY);
            assertThat(caller.id()).isEqualTo("key:shop:" + key.key());
            assertThat(caller.owner()).isEqualTo("key:shop");
            assertThat(caller.rights().allow(Scope.WRITE, "orders")).isTrue();
            assertThat(caller.rights().allow(Scope.READ, "orders")).isFalse();
        });
    }

    @Test
    void theSchemeIsReadAsTheRfcSaysAndNothingElseIsTaken() {
        ApiKey key = make("shop", "read:*");

        assertThat(caller("bearer " + key.secret())).isPresent();
        assertThat(caller((String) null)).isEmpty();
        for (String wrong : List.of(
                "",
                "Bearer",
                "Bearer ",
                "Basic " + key.secret(),
                key.secret(),
                "Bearer " + key.secret() + "0",
                "Bearer " + key.secret().toUpperCase(java.util.Locale.ROOT),
                "Bearer mr_" + key.key() + "_" + "0".repeat(64),
                "Bearer mr_" + key.key() + "_",
                "Bearer " + key.secret() + " ".repeat(9_000),
                "Bearer eyJhbGciOiJub25lIn0.e30.")) {
            clock.plus(1_000);
            assertThat(caller(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void aRevokedKeyIsRefusedAtOnceWhereItIsHeardOfAndWithinFourSecondsEverywhere() {
        ApiKey key = make("shop", "read:*");
        assertThat(caller(key)).isPresent();

        elsewhere.revoke(key.key());

        ring.refresh();
        assertThat(caller(key)).isEmpty();
    }

    @Test
    void aNodeThatIsCutOffFromTheStorageTrustsNoKeyForLonger() {
        ApiKey key = make("shop", "read:*");
        assertThat(caller(key)).isPresent();
        store.away = true;
        elsewhere.revoke(key.key());

        clock.plus(KeyRing.TRUSTED.toMillis());
        assertThat(caller(key)).isPresent();
        clock.plus(1);

        Assertions.assertThatThrownBy(() -> caller(key))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StorageAwayException.class);
        store.away = false;
        assertThat(caller(key)).isEmpty();
    }

    @Test
    void anAnswerThatANodeWasAsleepOverIsNotTrusted() {
        ApiKey key = make("shop", "read:*");
        store.onTheWay = () -> clock.plus(KeyRing.TRUSTED.toMillis() + 1);

        Assertions.assertThatThrownBy(() -> caller(key))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StorageAwayException.class);
    }

    @Test
    void keysThatSomebodyMakesUpCostTheStorageNothingHoweverManyTheyAre() {
        ring.refresh();
        int before = store.versionsAsked.get();
        clock.plus(1);

        List<CompletableFuture<Optional<Caller>>> asked = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            asked.add(callers.caller("Bearer mr_%016x_%064x".formatted(i, i)).toCompletableFuture());
        }
        assertThat(store.versionsAsked.get()).isEqualTo(before);
        pass(200);

        assertThat(asked).allSatisfy(answer -> assertThat(answer.join()).isEmpty());
        assertThat(store.versionsAsked.get()).isEqualTo(before + 1);
        assertThat(store.allAsked.get()).isEqualTo(1);
    }

    @Test
    void aKeyEnds() {
        ApiKey key = made(new ApiKey.Request(
                "shop", List.of("read:*"), Instant.ofEpochMilli(clock.millis()).plusSeconds(60)));

        assertThat(caller(key)).isPresent();
        clock.plus(60_000);

        assertThat(caller(key)).isEmpty();
    }

    @Test
    void twoOfANameAreValidWhileTheyAreExchangedAndNeverThree() {
        ApiKey old = make("shop", "read:*");
        ApiKey young = make("shop", "read:*");
        assertThat(caller(old)).isPresent();
        assertThat(caller(young)).isPresent();
        assertThat(refusal(new ApiKey.Request("shop", List.of("read:*"), null)))
                .contains("409", "conflict", old.key(), young.key());

        elsewhere.revoke(old.key());
        ring.refresh();

        assertThat(caller(old)).isEmpty();
        assertThat(caller(young)).isPresent();
        assertThat(caller(make("shop", "read:*"))).isPresent();
    }

    @Test
    void revokingMayBeRepeatedAndWhatNeverWasIsNotFound() {
        ApiKey key = make("shop", "read:*");
        var first = elsewhere.revoke(key.key()).toCompletableFuture().join();
        clock.plus(1_000);

        assertThat(elsewhere.revoke(key.key()).toCompletableFuture().join()).isEqualTo(first);
        assertThat(elsewhere.revoke("nonsense").toCompletableFuture().join()).isInstanceOf(Outcome.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "a b", "a\nb", "ü"})
    void aNameThatIsNoneIsRefused(String name) {
        assertThat(refusal(new ApiKey.Request(name, List.of("read:*"), null))).contains("/name");
    }

    @Test
    void whatCanNeverBeUsedAndWhatNeverEndsIsRefused() {
        Instant now = clock.instant();

        assertThat(refusal(new ApiKey.Request("x", List.of(), null))).contains("/grants");
        assertThat(refusal(new ApiKey.Request("x", List.of("read:"), null))).contains("/grants");
        assertThat(refusal(new ApiKey.Request("x", List.of("read:*"), now))).contains("/expiresAt");
        assertThat(refusal(new ApiKey.Request("x", List.of("read:*"), now.plus(Duration.ofDays(1_826)))))
                .contains("/expiresAt");
    }

    @Test
    void theSecretIsShownOnceAndKeptNowhere() {
        ApiKey key = make("shop", "read:*");
        String secret = String.valueOf(key.secret());

        assertThat(secret).matches("mr_[0-9a-f]{16}_[0-9a-f]{64}");
        Outcome<ApiKey.Listing> listing = elsewhere.list().toCompletableFuture().join();
        assertThat(((Outcome.Done<ApiKey.Listing>) listing).value().keys())
                .singleElement()
                .satisfies(shown -> assertThat(shown.secret()).isNull());
        assertThat(key.toString()).doesNotContain(secret);
        assertThat(KeyText.parse(secret).orElseThrow().toString()).doesNotContain(secret.substring(20));
        assertThat(store.all().toCompletableFuture().join().toString()).doesNotContain(secret);
        assertThat(store.all().toCompletableFuture().join().get(0).hash()).hasSize(32);
    }
}
