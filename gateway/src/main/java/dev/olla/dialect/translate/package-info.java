/// Where formats meet: a request of one format put to a server of another, and its answer told in the first.
@NullMarked
package dev.olla.dialect.translate;

import org.jspecify.annotations.NullMarked;
