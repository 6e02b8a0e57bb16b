@NullMarked
package dev.olla.dialect.openai;

import org.jspecify.annotations.NullMarked;
