glue
