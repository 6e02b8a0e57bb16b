# Names for what everyone does. Each calls ./olla or ./mvnw, nothing else; arguments go in ARGS.
.PHONY: run build test lint bench demo format

run:
	@./olla $(ARGS)

build:
	./mvnw -q -B -DskipTests package

test:
	./mvnw -B verify

lint:
	./mvnw -q -B test-compile

bench:
	./mvnw -q -B -DskipTests package && benchmarks/run $(ARGS)

demo:
	@./olla demo $(ARGS)

format:
	./mvnw -q -B spotless:apply
