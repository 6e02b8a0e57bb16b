@NullMarked
package dev.olla.dialect;

import org.jspecify.annotations.NullMarked;
