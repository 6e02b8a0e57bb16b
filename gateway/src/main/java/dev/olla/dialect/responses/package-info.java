@NullMarked
package dev.olla.dialect.responses;

import org.jspecify.annotations.NullMarked;
