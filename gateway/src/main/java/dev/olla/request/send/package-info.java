@NullMarked
package dev.olla.request.send;

import org.jspecify.annotations.NullMarked;
