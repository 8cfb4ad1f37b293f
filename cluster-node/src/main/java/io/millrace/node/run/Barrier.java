package io.millrace.node.run;

/** Nothing more comes: the run is over, or begins anew, once all that comes before is through. It overtakes none of that. */
record Barrier(Throwable why) implements Passage {}
