plain loader
