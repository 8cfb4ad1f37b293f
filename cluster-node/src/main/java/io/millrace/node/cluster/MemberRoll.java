package io.millrace.node.cluster;

import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Who was a member of the cluster a moment ago, written down outside of it: a node that can't reach the others may so tell
 * whether they are gone or only cut off.
 */
public interface MemberRoll {
    /** Writes down that a node is a member; it counts as one until that is some seconds old. */
    CompletionStage<Void> note(String node);

    /** Takes a node off the roll. */
    CompletionStage<Void> strike(String node);

    /** {@return those on the roll} */
    CompletionStage<Set<String>> nodes();
}
