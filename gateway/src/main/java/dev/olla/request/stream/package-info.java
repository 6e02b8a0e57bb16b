@NullMarked
package dev.olla.request.stream;

import org.jspecify.annotations.NullMarked;
