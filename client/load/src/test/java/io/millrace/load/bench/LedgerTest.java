package io.millrace.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger();

    @Test
    void whatWasAcknowledgedAndMoreLacksNothing() {
        read(0, 1, 2, 3);

        assertThat(ledger.missing(3)).isZero();
        assertThat(ledger.duplicates()).isZero();
        assertThat(ledger.disorder()).isZero();
    }

    @Test
    void aGapIsALoss() {
        read(0, 1, 3);

        assertThat(ledger.missing(4)).isEqualTo(1);
        assertThat(ledger.disorder()).isZero();
    }

    @Test
    void aMissingEndIsALoss() {
        read(0, 1);

        assertThat(ledger.missing(4)).isEqualTo(2);
    }

    @Test
    void aRepetitionIsADuplicateAndNoDisorder() {
        read(0, 1, 2, 1, 2, 3);

        assertThat(ledger.duplicates()).isEqualTo(2);
        assertThat(ledger.disorder()).isZero();
        assertThat(ledger.events()).isEqualTo(6);
        assertThat(ledger.missing(4)).isZero();
    }

    @Test
    void oneThatComesLateIsOutOfOrder() {
        read(0, 2, 1, 3);

        assertThat(ledger.disorder()).isEqualTo(1);
        assertThat(ledger.duplicates()).isZero();
    }

    private void read(int... ids) {
        for (int id : ids) {
            ledger.add(id);
        }
    }
}
