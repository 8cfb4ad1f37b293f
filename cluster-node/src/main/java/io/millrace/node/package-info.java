/** Owns the command line of the server and the only place where its parts are wired together. */
@NullMarked
package io.millrace.node;

import org.jspecify.annotations.NullMarked;
