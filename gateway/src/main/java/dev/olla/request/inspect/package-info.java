@NullMarked
package dev.olla.request.inspect;

import org.jspecify.annotations.NullMarked;
