/** Owns the main class of the development Cassandra: the database's own daemon in a JVM that dies with its parent. */
@NullMarked
package io.millrace.cassandra;

import org.jspecify.annotations.NullMarked;
