/** Owns the tests of the client against a real node on a real Cassandra. */
@NullMarked
package io.millrace.client.real;

import org.jspecify.annotations.NullMarked;
