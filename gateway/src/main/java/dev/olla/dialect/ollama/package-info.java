@NullMarked
package dev.olla.dialect.ollama;

import org.jspecify.annotations.NullMarked;
