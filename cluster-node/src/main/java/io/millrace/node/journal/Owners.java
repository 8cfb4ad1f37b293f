package io.millrace.node.journal;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Which incarnation on this node may write to which log. A recovery replaces the owner at once, so that a write of the
 * incarnation before finds nothing; the actor's end removes it, so that what is at rest costs no memory.
 */
final class Owners {
    private final Map<String, Owner> byLog = new ConcurrentHashMap<>();
    private final Map<ActorRef, Set<String>> byActor = new ConcurrentHashMap<>();

    /** A recovery begins: whoever owned the log on this node no longer does. */
    Owner begin(String log, ActorRef actor) {
        var owner = new Owner(log, actor);
        byLog.put(log, owner);
        byActor.merge(actor, Set.of(log), Owners::union);
        return owner;
    }

    /** Throws {@link FencedException} when another recovery began in the meantime, or the actor is gone. */
    void claimed(Owner owner, Claim claim) {
        owner.claim = claim;
        if (byLog.get(owner.log) != owner) {
            throw new FencedException(claim + " was overtaken by another recovery on this node");
        }
    }

    /** Throws {@link FencedException} when this actor, or this incarnation of it, doesn't own the log. */
    Claim claimFor(String log, ActorRef actor, String writer) {
        Owner owner = byLog.get(log);
        if (owner == null || !owner.actor.equals(actor)) {
            throw new FencedException("log " + log + ": " + actor + " doesn't own it");
        }
        if (owner.writer == null) {
            owner.writer = writer;
        }
        if (!writer.equals(owner.writer)) {
            throw new FencedException("log " + log + ": writer " + writer + " is not the one who recovered it");
        }
        return claim(owner);
    }

    /** Throws {@link FencedException} when nobody on this node owns the log. */
    Claim claimOf(String log) {
        Owner owner = byLog.get(log);
        if (owner == null) {
            throw new FencedException("log " + log + ": nobody owns it on this node");
        }
        return claim(owner);
    }

    /** The actor ended. */
    void gone(ActorRef actor) {
        Set<String> logs = byActor.remove(actor);
        if (logs != null) {
            logs.forEach(log -> byLog.computeIfPresent(log, (any, owner) -> owner.actor.equals(actor) ? null : owner));
        }
    }

    int size() {
        return byLog.size();
    }

    private static Claim claim(Owner owner) {
        Claim claim = owner.claim;
        if (claim == null) {
            throw new FencedException("log " + owner.log + ": it is being claimed");
        }
        return claim;
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        if (some.containsAll(others)) {
            return some;
        }
        var all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }

    /** An incarnation of a persistent actor. */
    static final class Owner {
        private final String log;
        private final ActorRef actor;
        private volatile @Nullable Claim claim;
        private @Nullable String writer;

        Owner(String log, ActorRef actor) {
            this.log = log;
            this.actor = actor;
        }
    }
}
