package io.millrace.node.security;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where keys are kept, for all nodes. Whatever it can't do now fails with {@code StorageAwayException}. */
public interface KeyStore {
    /** Changes with every change of any key; empty before the first. */
    CompletionStage<Optional<String>> version();

    /** All of them, as they were at the last version or later. */
    CompletionStage<List<StoredKey>> all();

    /** Writes a key, new or changed, and with it another version. */
    CompletionStage<Void> put(StoredKey key);
}
