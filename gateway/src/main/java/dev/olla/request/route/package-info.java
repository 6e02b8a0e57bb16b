@NullMarked
package dev.olla.request.route;

import org.jspecify.annotations.NullMarked;
