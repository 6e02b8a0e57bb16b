@NullMarked
package dev.olla.request.admit;

import org.jspecify.annotations.NullMarked;
