package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Operation.Handled;
import io.millrace.node.faults.history.Seen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Forgeries of what a bot with lanes did. */
enum LaneMutation implements Forgery {
    OUTPUTS_OF_A_KEY_SWAPPED(Kind.OUTPUT_REORDERED) {
        @Override
        public boolean apply(Edit edit) {
            FinalEvent one = edit.anyOf(LANES, event -> true);
            FinalEvent other = one == null
                    ? null
                    : edit.anyOf(
                            LANES, event -> !event.equals(one) && key(event).equals(key(one)));
            if (other == null) {
                return false;
            }
            int i = edit.index(LANES, one.value());
            int j = edit.index(LANES, other.value());
            edit.everywhere(LANES, events -> Edit.swapped(events, i, j));
            return true;
        }
    },
    OUTPUT_OF_A_LANE_DROPPED(Kind.OUTPUT_LOST) {
        @Override
        public boolean apply(Edit edit) {
            FinalEvent one = edit.anyOf(LANES, event -> true);
            return one != null && edit.drop(LANES, one.value());
        }
    },
    OUTPUT_OF_A_LANE_DOUBLED(Kind.OUTPUT_DOUBLED) {
        @Override
        public boolean apply(Edit edit) {
            return edit.again(LANES, edit.anyOf(LANES, event -> true));
        }
    },
    LANE_HANDLES_BACKWARDS(Kind.REORDERED) {
        @Override
        public boolean apply(Edit edit) {
            Handled one = edit.any(
                    Handled.class,
                    any -> any.run().bot().startsWith("laner:") && any.events().size() > 1);
            if (one == null) {
                return false;
            }
            List<Seen> events = new ArrayList<>(one.events());
            Collections.reverse(events);
            edit.replace(one, new Handled(one.call(), one.run(), one.source(), events));
            return true;
        }
    },
    CHECKPOINT_BEYOND_WHAT_LANES_HANDLED(Kind.CHECKPOINT_JUMP) {
        @Override
        public boolean apply(Edit edit) {
            Handled one = edit.any(Handled.class, any -> any.run().bot().startsWith("laner:"));
            return one != null && edit.operations.remove(one);
        }
    };

    private static final String LANES = ModelBus.LANES.target();

    private final Kind found;

    LaneMutation(Kind found) {
        this.found = found;
    }

    @Override
    public Kind found() {
        return found;
    }

    /** Of an output. */
    private static String key(FinalEvent output) {
        return Lots.key(output.parents().get(0));
    }
}
