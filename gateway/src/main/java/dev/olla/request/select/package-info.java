@NullMarked
package dev.olla.request.select;

import org.jspecify.annotations.NullMarked;
