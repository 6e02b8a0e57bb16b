@NullMarked
package dev.olla.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
